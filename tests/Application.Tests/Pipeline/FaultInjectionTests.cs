using AiGateway.Application.Ledger;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Pipeline;

/// <summary>Whatever fails at any point: a granted hold is settled exactly once, and a hold that was not granted is never settled.</summary>
public sealed class FaultInjectionTests
{
    private readonly IModelAdapter _alpha = Sample.Adapter("alpha", Sample.Model("m-default"));
    private readonly IModelAdapter _beta = Sample.Adapter("beta", Sample.Model("m-default"));

    private static IEnumerable<Exception> Faults =>
    [
        Sample.Failure(ErrorCode.ProviderFailed),
        Sample.Failure(ErrorCode.ProviderRejected),
        new AiGatewayException(ErrorCode.LedgerUnavailable, "away"),
        new OperationCanceledException(),
        new InvalidOperationException("a bug"),
        new OverflowException("too dear"),
    ];

    [TestCaseSource(nameof(Faults))]
    public void Fault_WhileHolding_SettlesNothing(Exception fault)
    {
        using var useCases = new UseCases(_alpha, _beta);
        useCases.Ledger.Configure().HoldAsync(Arg.Any<Hold>(), Arg.Any<CancellationToken>()).ThrowsAsync(fault);

        AssertFails(useCases, fault);
        Assert.That(useCases.Settlements, Is.Empty);
    }

    [TestCaseSource(nameof(Faults))]
    public void Fault_BeforeHolding_SettlesNothing(Exception fault)
    {
        using var useCases = new UseCases(_alpha, _beta);
        _alpha.Configure().EstimateCost(Arg.Any<ModelCall>()).Throws(fault);

        AssertFails(useCases, fault);
        Assert.That(useCases.Holds, Is.Empty);
        Assert.That(useCases.Settlements, Is.Empty);
    }

    [TestCaseSource(nameof(Faults))]
    public void Fault_WhileReferencesAreLookedUp_SettlesNothing(Exception fault)
    {
        using var useCases = new UseCases(_alpha);
        useCases.StoredObjects.FindAsync(default, default!, default).ThrowsAsyncForAnyArgs(fault);

        Assert.That(
            async () => await useCases.SendAsync(Sample.Request() with { References = ["resp_1"] }), Throws.Exception.SameAs(fault));
        Assert.That(useCases.Holds, Is.Empty);
        Assert.That(useCases.Settlements, Is.Empty);
    }

    [TestCaseSource(nameof(Faults))]
    public void Fault_WhileTheLastProviderIsCalled_SettlesOnce(Exception fault)
    {
        using var useCases = new UseCases(_alpha);
        _alpha.Configure().GenerateAsync(default!, default).ThrowsAsyncForAnyArgs(fault);

        AssertFails(useCases, fault);
        AssertReleasedOnce(useCases);
    }

    [TestCaseSource(nameof(Faults))]
    public void Fault_WhenTheAdapterThrowsInsteadOfReturningATask_SettlesOnce(Exception fault)
    {
        using var useCases = new UseCases(_alpha);
        _alpha.Configure().GenerateAsync(default!, default).ThrowsForAnyArgs(fault);

        AssertFails(useCases, fault);
        AssertReleasedOnce(useCases);
    }

    [Test]
    public async Task Request_OnceHeld_IsNeitherPlannedNorCountedAgain()
    {
        using var useCases = new UseCases(_alpha, _beta);
        useCases.Ledger.WhenForAnyArgs(ledger => ledger.HoldAsync(default!, default)).Do(_ =>
        {
            _alpha.Configure().CheckQuota().Throws(new InvalidOperationException("planned twice"));
            _alpha.Configure().EstimateCost(Arg.Any<ModelCall>()).Throws(new InvalidOperationException("counted twice"));
        });

        await useCases.SendAsync(Sample.Request());

        Assert.That(useCases.Settlements.Single().Status, Is.EqualTo(UsageStatus.Settled));
    }

    [TestCaseSource(nameof(Faults))]
    public void Fault_WhileCounting_SettlesOnce(Exception fault)
    {
        using var useCases = new UseCases(_alpha);
        _alpha.Configure().GenerateAsync(default!, default).ReturnsForAnyArgs(Sample.Reply("m-default") with { Usage = null });
        useCases.Tokens.Configure().CountText(default!, default!).ThrowsForAnyArgs(fault);

        AssertFails(useCases, fault);
        Assert.That(useCases.Settlements, Has.Count.EqualTo(1));
    }

    [TestCaseSource(nameof(Faults))]
    public void Fault_WhileSettling_IsNotSettledAgain(Exception fault)
    {
        using var useCases = new UseCases(_alpha);
        useCases.Ledger.Configure().SettleAsync(Arg.Any<Settlement>()).Throws(fault);

        AssertFails(useCases, fault);
        useCases.Ledger.ReceivedWithAnyArgs(1).SettleAsync(default!);
    }

    [Test]
    public async Task Fault_WhenTheCallerLeavesBetweenHoldAndCall_SettlesOnce()
    {
        using var caller = new CancellationTokenSource();
        using var useCases = new UseCases(_alpha);
        useCases.Ledger.WhenForAnyArgs(ledger => ledger.HoldAsync(default!, default)).Do(_ => caller.Cancel());

        await useCases.SendAsync(Sample.Request(), caller.Token);

        Assert.That(useCases.Settlements.Single().Status, Is.EqualTo(UsageStatus.Settled));
    }

    private static void AssertFails(UseCases useCases, Exception fault) =>
        Assert.That(async () => await useCases.SendAsync(Sample.Request()), Throws.Exception.SameAs(fault));

    private static void AssertReleasedOnce(UseCases useCases) => Assert.That(
        useCases.Settlements.Select(settlement => (settlement.RequestId, settlement.Status)),
        Is.EqualTo([(Sample.Request().RequestId, UsageStatus.Released)]));
}
