using AiGateway.Application.Budgets;
using AiGateway.Application.Quotas;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Budgets;

public sealed class GetQuotaStatusTests : IDisposable
{
    private static readonly DateTimeOffset Tomorrow = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NextMonth = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly UseCases _useCases = new();

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Status_OfALimitedUser_HasLimitUseAndReset()
    {
        Use(new QuotaLimits(10, 100, 1_000), new QuotaUse(3, 30, 600, 150));

        var status = await _useCases.SendAsync(new GetQuotaStatus(Sample.UserId));

        Assert.That(status, Is.EqualTo(new QuotaStatus(
            new LimitUse(10, 3, 0, Tomorrow), new LimitUse(100, 30, 0, NextMonth), new LimitUse(1_000, 600, 150, NextMonth))));
        Assert.That(
            (status.DailyRequests.Remaining, status.MonthlyRequests.Remaining, status.MonthlySpendNanoUsd.Remaining),
            Is.EqualTo((7L, 70L, 250L)));
    }

    [Test]
    public async Task Status_WhenALimitWasLoweredBelowTheUse_HasZeroRemaining()
    {
        Use(new QuotaLimits(2, 29, 700), new QuotaUse(3, 30, 600, 150));

        var status = await _useCases.SendAsync(new GetQuotaStatus(Sample.UserId));

        Assert.That(
            (status.DailyRequests.Remaining, status.MonthlyRequests.Remaining, status.MonthlySpendNanoUsd.Remaining),
            Is.EqualTo((0L, 0L, 0L)));
    }

    [Test]
    public async Task Status_OfAnUnlimitedUser_HasNoRemainder()
    {
        Use(QuotaLimits.Unlimited, new QuotaUse(3, 30, 600, 150));

        var status = await _useCases.SendAsync(new GetQuotaStatus(Sample.UserId));

        Assert.That(status.DailyRequests.Remaining, Is.Null);
        Assert.That(status.MonthlySpendNanoUsd.Used, Is.EqualTo(600));
    }

    [Test]
    public async Task Status_OfAUserWithoutOwnLimits_FollowsTheDefaults()
    {
        _useCases.Defaults = _useCases.Defaults with { Limits = new QuotaLimits(7, null, null) };

        var status = await _useCases.SendAsync(new GetQuotaStatus(Sample.UserId));

        Assert.That(status.DailyRequests.Limit, Is.EqualTo(7));
    }

    private void Use(QuotaLimits limits, QuotaUse use)
    {
        _useCases.Quotas.FindLimitsAsync(Sample.UserId, Arg.Any<CancellationToken>()).Returns(limits);
        _useCases.Quotas.ReadUseAsync(Sample.UserId, Sample.Noon, Arg.Any<CancellationToken>()).Returns(use);
    }
}
