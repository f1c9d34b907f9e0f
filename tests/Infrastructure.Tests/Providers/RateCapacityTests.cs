using AiGateway.Application.Providers;
using AiGateway.Infrastructure.Providers.Targets;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Providers;

public sealed class RateCapacityTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    [Test]
    public void Capacity_WithoutLimits_IsAlwaysThere()
    {
        var rates = new RateCapacity(null, null, _time);
        for (var i = 0; i < 1_000; i++) rates.Take(1_000_000);

        Assert.That(rates.FullUntil(told: null), Is.Null);
    }

    [Test]
    public void Capacity_OfRequests_IsUsedUpByTheLimitAndComesBackWithTime()
    {
        var rates = new RateCapacity(requestsPerMinute: 60, null, _time);
        for (var i = 0; i < 59; i++) rates.Take(1);
        Assert.That(rates.FullUntil(told: null), Is.Null);

        rates.Take(1);
        Assert.That(rates.FullUntil(told: null), Is.EqualTo(_time.GetUtcNow() + TimeSpan.FromMilliseconds(1)));
        for (var i = 0; i < 5; i++) rates.Take(1);
        Assert.That(rates.FullUntil(told: null), Is.EqualTo(_time.GetUtcNow() + TimeSpan.FromMilliseconds(5_001)).Within(TimeSpan.FromMilliseconds(1)));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(rates.FullUntil(told: null), Is.Null);
    }

    [Test]
    public void Capacity_OfTokens_CountsWhatACallReallyUsed()
    {
        var rates = new RateCapacity(null, tokensPerMinute: 1_000, _time);
        rates.Take(promptTokens: 1_000);
        Assert.That(rates.FullUntil(told: null), Is.Not.Null);

        rates.Correct(-900);
        Assert.That(rates.FullUntil(told: null), Is.Null, "the prompt was held too high");

        rates.Correct(1_400);
        Assert.That(rates.FullUntil(told: null), Is.EqualTo(_time.GetUtcNow() + TimeSpan.FromSeconds(30)).Within(TimeSpan.FromMilliseconds(2)), "the reply was long");
    }

    [TestCase(0L, 30, 5L, null, 30)]
    [TestCase(0L, null, 5L, null, null)]
    [TestCase(5L, 30, 0L, 7, 7)]
    [TestCase(0L, 30, 0L, 40, 40)]
    [TestCase(1L, 30, 1L, 30, null)]
    public void Capacity_ThatTheProviderTellsOf_CountsToo(long? requests, int? requestReset, long? tokens, int? tokenReset, int? seconds)
    {
        var told = new RateLimitInfo(10, requests, Seconds(requestReset), 10, tokens, Seconds(tokenReset), _time.GetUtcNow());

        Assert.That(new RateCapacity(null, null, _time).FullUntil(told), Is.EqualTo(_time.GetUtcNow() + Seconds(seconds)));
    }

    [Test]
    public void Capacity_ThatTheProviderTellsOf_ComesBackAtItsReset()
    {
        var told = new RateLimitInfo(10, 0, TimeSpan.FromSeconds(30), null, null, null, _time.GetUtcNow());
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.That(new RateCapacity(null, null, _time).FullUntil(told), Is.Null);
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } given ? TimeSpan.FromSeconds(given) : null;
}
