using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Quotas;

/// <summary>What happens when a day or a month ends. The tests set the clock, and only forward.</summary>
internal sealed class QuotaPeriodTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 15, 0, TimeSpan.Zero));
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(_time);

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public void Reset() => _gateway.Provider.Reset(Answers.Completion());

    [Test]
    public async Task DailyLimit_AtMidnight_StartsAgainToTheMillisecond()
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 1, monthly: 2);
        GoJustBefore(NextDay());

        (await user.Caller.GenerateAsync()).Expect(200);
        (await user.Caller.GenerateAsync()).Expect(429, "quota_exceeded");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await user.Caller.GenerateAsync()).Expect(200);

        var quota = await user.Caller.QuotaAsync();
        Assert.That(quota.GetProperty("dailyRequests").GetProperty("used").GetInt64(), Is.EqualTo(1));
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task MonthlyLimits_WhenTheMonthEnds_StartAgainToTheMillisecond()
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, monthly: 1, spend: 5);
        GoJustBefore(NextMonth());

        (await user.Caller.GenerateAsync()).Expect(200);
        (await user.Caller.GenerateAsync()).Expect(429, "quota_exceeded");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var fresh = await user.Caller.QuotaAsync();
        (await user.Caller.GenerateAsync()).Expect(200);

        Assert.That(fresh.GetProperty("monthlySpendUsd").GetProperty("used").GetDecimal(), Is.Zero);
        Assert.That(fresh.GetProperty("monthlyRequests").GetProperty("used").GetInt64(), Is.Zero);
        Assert.That(fresh.GetProperty("monthlyRequests").GetProperty("resetsAt").GetDateTimeOffset(), Is.EqualTo(NextMonth()));
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task Request_WhenItSpansMidnight_CountsInTheDayInWhichItBegan()
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 1, spend: 5);
        var release = new TaskCompletionSource();
        _gateway.Provider.Reset(Answers.After(release.Task, Answers.Completion()));
        GoJustBefore(NextMonth());

        var request = user.Caller.GenerateAsync();
        await _gateway.Provider.ArrivalsAsync();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        release.SetResult();
        (await request).Expect(200);

        var quota = await user.Caller.QuotaAsync();
        Assert.That(quota.GetProperty("dailyRequests").GetProperty("used").GetInt64(), Is.Zero);
        Assert.That(quota.GetProperty("monthlySpendUsd").GetProperty("used").GetDecimal(), Is.Zero);
        Assert.That(quota.GetProperty("monthlySpendUsd").GetProperty("held").GetDecimal(), Is.Zero);
        await _gateway.Admin.VerifyAsync();
    }

    private DateTimeOffset NextDay() => new(_time.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

    private DateTimeOffset NextMonth()
    {
        var now = _time.GetUtcNow();
        return new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
    }

    // Timers do not run meanwhile: those of a month would run a hundred thousand times.
    private void GoJustBefore(DateTimeOffset instant) => _time.AdjustTime(instant.AddMilliseconds(-1));
}
