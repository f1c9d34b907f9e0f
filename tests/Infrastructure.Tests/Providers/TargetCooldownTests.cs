using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.Targets;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Providers;

/// <summary>When a target cools, and for which users.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TargetCooldownTests
{
    private static readonly Guid Ann = new("00000000-0000-7000-8000-00000000000a");
    private static readonly Guid Bob = new("00000000-0000-7000-8000-00000000000b");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly ActiveUsers _users = new();
    private readonly TargetCooldown _cooldown;

    public TargetCooldownTests() => _cooldown = new TargetCooldown(_time, _users);

    [Test]
    public void Target_WithoutAFailure_DoesNotCool() => Assert.That((_cooldown.Until, _cooldown.UntilFor(Ann)), Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null)));

    [Test]
    public void NoConnection_CoolsAtOnceForEveryone()
    {
        Fail(Ann, NotConnected);

        Assert.That(SecondsFor(Bob), Is.EqualTo(5));
        Assert.That(_cooldown.Reason, Is.EqualTo(ErrorCode.ProviderFailed));
    }

    [Test]
    public void Cooldown_WhenTheNextTryFails_IsDoubledUpToAMinute()
    {
        List<double?> seconds = [];
        for (var i = 0; i < 6; i++)
        {
            Fail(Ann, NotConnected);
            seconds.Add(SecondsFor(Ann));
            _time.Advance(TimeSpan.FromSeconds(61));
        }

        Assert.That(seconds, Is.EqualTo(new double?[] { 5, 10, 20, 40, 60, 60 }));
    }

    [TestCase(null, 5)]
    [TestCase(30, 30)]
    [TestCase(3600, 60)]
    public void RateLimit_CoolsAsLongAsTheProviderAsks(int? retryAfter, int expected)
    {
        Fail(Ann, RateLimited(retryAfter));

        Assert.That(SecondsFor(Bob), Is.EqualTo(expected));
    }

    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    public void FailureOfTheAccount_CoolsForFiveMinutes(int status)
    {
        Fail(Ann, new ProviderFailure(Problem(status), MayRetry: false, CountsAsDown: true));

        Assert.That(SecondsFor(Bob), Is.EqualTo(300));
    }

    [Test]
    public void ServerErrors_OfTheOnlyUser_CoolAfterThree()
    {
        Fail(Ann, Down);
        Fail(Ann, Down);
        Assert.That(SecondsFor(Ann), Is.Null);

        Fail(Ann, Down);

        Assert.That(SecondsFor(Ann), Is.EqualTo(5));
        Assert.That(SecondsFor(Bob), Is.Null, "the first request of another user may always try");
    }

    [Test]
    public void ServerErrors_OfOneOfSeveralUsers_CoolNothing()
    {
        _users.See(Bob, _time.GetUtcNow());

        for (var i = 0; i < 10; i++) Fail(Ann, Down);

        Assert.That(SecondsFor(Ann), Is.Null);
    }

    [Test]
    public void ServerErrors_OfTwoUsers_CoolForBothAfterThree()
    {
        Fail(Ann, Down);
        Fail(Bob, Down);
        Fail(Ann, Down);

        Assert.That((SecondsFor(Ann), SecondsFor(Bob)), Is.EqualTo((5d, 5d)));
    }

    [Test]
    public void ServerErrors_WithASuccessBetween_CoolNothing()
    {
        Fail(Ann, Down);
        Fail(Ann, Down);
        _cooldown.Succeed();

        Fail(Ann, Down);

        Assert.That(SecondsFor(Ann), Is.Null);
    }

    [Test]
    public void ServerErrors_OlderThanAMinute_DoNotCount()
    {
        Fail(Ann, Down);
        Fail(Ann, Down);
        _time.Advance(TargetCooldown.Window + TimeSpan.FromSeconds(1));

        Fail(Ann, Down);

        Assert.That(SecondsFor(Ann), Is.Null);
    }

    [Test]
    public void Target_AfterItsCooldown_IsTriedByOneRequest()
    {
        Fail(Ann, NotConnected);
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.That(_cooldown.UntilFor(Bob), Is.Null, "one tries");
        Assert.That(_cooldown.UntilFor(Ann), Is.Not.Null, "the other requests wait for its result");

        _cooldown.Succeed();

        Assert.That((_cooldown.UntilFor(Ann), _cooldown.UntilFor(Bob)), Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null)));
    }

    private static ProviderFailure NotConnected => new(Problem(null), MayRetry: true, CountsAsDown: true) { CountsAlone = true };

    private static ProviderFailure Down => new(Problem(500), MayRetry: true, CountsAsDown: true);

    private static ProviderFailure RateLimited(int? retryAfter) => new(
        new ProviderException(ErrorCode.ProviderRateLimited, "p", "Slow down.") { ProviderStatus = 429, RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null },
        MayRetry: true,
        CountsAsDown: true)
    {
        CountsAlone = true,
    };

    private static ProviderException Problem(int? status) => new(ErrorCode.ProviderFailed, "p", "It failed.") { ProviderStatus = status };

    private void Fail(Guid user, ProviderFailure failure)
    {
        _users.See(user, _time.GetUtcNow());
        _cooldown.Fail(user, failure);
    }

    private double? SecondsFor(Guid user) => (_cooldown.UntilFor(user) - _time.GetUtcNow())?.TotalSeconds;
}
