using AiGateway.Application.Quotas;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Quotas;

public sealed class SetUserQuotaTests : IDisposable
{
    private readonly UseCases _useCases = new();

    public SetUserQuotaTests() => _useCases.Users.FindAsync(Sample.UserId, Arg.Any<CancellationToken>())
        .Returns(new User { Id = Sample.UserId, Name = "Ada", CreatedAt = Sample.Noon });

    private static IEnumerable<TestCaseData> Taken =>
    [
        new(0m, 0L),
        new(0.000000001m, 1L),
        new(10.00m, 10_000_000_000L),
        new(1.0000000010m, 1_000_000_001L),
        new(1_000_000_000m, 1_000_000_000_000_000_000L),
    ];

    private static IEnumerable<decimal> Refused => [-0.000000001m, 0.0000000001m, 1.0000000001m, 1_000_000_000.000000001m, decimal.MaxValue, decimal.MinValue];

    public void Dispose() => _useCases.Dispose();

    [TestCaseSource(nameof(Taken))]
    public async Task Set_Spend_IsSavedToTheNanoDollar(decimal usd, long nanoUsd)
    {
        var quota = await _useCases.SendAsync(new SetUserQuota(Sample.Actor, Sample.UserId, 1, 2, usd));

        var limits = new QuotaLimits(1, 2, nanoUsd);
        Assert.That(quota, Is.EqualTo(new UserQuota(limits, IsDefault: false)));
        await _useCases.Quotas.Received(1).SaveLimitsAsync(Sample.UserId, limits, Sample.Actor, Sample.Noon, Arg.Any<CancellationToken>());
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Set_SpendThatIsNegativeTooFineOrTooLarge_IsRefused(decimal usd)
    {
        var faults = await _useCases.FaultsOfAsync(new SetUserQuota(Sample.Actor, Sample.UserId, 1, 2, usd));

        Assert.That(faults.Select(fault => fault.Field).Distinct(), Is.EqualTo(["monthlySpendUsd"]));
        await _useCases.Quotas.DidNotReceiveWithAnyArgs().SaveLimitsAsync(default, default!, default!, default, default);
    }

    [Test]
    public async Task Set_NegativeRequests_NamesBothFields()
    {
        var faults = await _useCases.FaultsOfAsync(new SetUserQuota(Sample.Actor, Sample.UserId, -1, -1, null));

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(["dailyRequests", "monthlyRequests"]));
    }

    [Test]
    public async Task Set_Nothing_MeansUnlimited()
    {
        var quota = await _useCases.SendAsync(new SetUserQuota(Sample.Actor, Sample.UserId, null, null, null));

        Assert.That(quota.Limits, Is.EqualTo(QuotaLimits.Unlimited));
    }

    [Test]
    public async Task Set_ForAnUnknownUser_IsNotFound()
    {
        var failure = await Assert.ThrowsAsync<AiGatewayException>(
            () => _useCases.SendAsync(new SetUserQuota(Sample.Actor, Guid.Empty, 1, 1, 1)));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.NotFound));
        await _useCases.Quotas.DidNotReceiveWithAnyArgs().SaveLimitsAsync(default, default!, default!, default, default);
    }
}
