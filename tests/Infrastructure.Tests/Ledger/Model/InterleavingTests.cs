using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using CsCheck;

namespace AiGateway.Infrastructure.Tests.Ledger.Model;

/// <summary>
/// Random histories of operations that meet in one transaction, database failures, crashes, leases, period ends and limits. Each history
/// runs on the real writer and on <see cref="LedgerModel"/>, and <see cref="LedgerWatch"/> checks every committed state. The default takes
/// a few seconds. <c>AIGATEWAY_TEST_HISTORIES</c> sets the number of histories for each engine, such as 5000.
/// </summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class InterleavingTests(DatabaseKind kind)
{
    private static readonly long Histories =
        long.TryParse(Environment.GetEnvironmentVariable("AIGATEWAY_TEST_HISTORIES"), out var given) ? given : 12;

    [Test]
    public async Task Ledger_AfterAnyHistory_EqualsTheModelAndBalances()
    {
        // Skips the test if the engine is missing. Within a history, the skip would count as a failure.
        await (await TestDatabase.CreateAsync(kind)).DisposeAsync();
        await LedgerStep.Any.Array[1, 30].SampleAsync(
            async history =>
            {
                await using var scenario = await LedgerScenario.OpenAsync(kind);
                foreach (var step in history) await scenario.RunAsync(step);
            },
            iter: Histories,
            threads: 1,
            print: history => string.Join(Environment.NewLine, history.AsEnumerable()));
    }

    [Test]
    public async Task Ledger_AfterConcurrentHistories_BalancesAndNeverExceedsTheLimit()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        const long Limit = 500;
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, Limit));
        await Gen.Select(Gen.Long[0, 60], Gen.Int[0, 3]).Array[20].SampleAsync(
            async steps =>
            {
                await Task.WhenAll(steps.Select(step => Task.Run(async () =>
                {
                    var hold = ledger.NewHold(user, step.Item1);
                    if (!(await ledger.Ledger.HoldAsync(hold, CancellationToken.None)).IsGranted) return;
                    if (step.Item2 == 0) await ledger.SettleAsync(hold.RequestId, cost: step.Item1 / 50);
                    else await ledger.ReleaseAsync(hold.RequestId);
                    await ledger.SettleAsync(hold.RequestId, cost: step.Item1);
                })));
                var use = await ledger.UseAsync(user);
                Assert.That(use.MonthSettledNanoUsd + use.MonthHeldNanoUsd, Is.LessThanOrEqualTo(Limit));
                Assert.That(use.MonthHeldNanoUsd, Is.Zero);
                await ledger.AssertBalancedAsync();
            },
            iter: 20, threads: 1);
    }
}
