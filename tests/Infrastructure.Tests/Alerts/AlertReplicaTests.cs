using AiGateway.Application.Budgets;
using AiGateway.Application.Progress;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores.Alerts;
using AiGateway.Infrastructure.Tests.Ledger;
using AiGateway.Infrastructure.Tests.Ledger.Budgets;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.Alerts;

/// <summary>Four gateways on one PostgreSQL write every alert once, whatever they do at the same time.</summary>
internal sealed class AlertReplicaTests
{
    private const int Replicas = 4;
    private const int Keys = 5;
    private const int Seed = 20261126;
    private static readonly LedgerSettings Settings = new() { HoldLease = TimeSpan.FromSeconds(30), CommitTimeout = TimeSpan.FromSeconds(60) };

    [Test]
    public async Task Thresholds_ReachedByRandomWorkOfFourGateways_AreEachToldOnce()
    {
        await using var ledger = await TestLedger.OpenAsync(DatabaseKind.Postgres, started: false, alone: true);
        var user = await ledger.AddUserAsync();
        var path = await ledger.AddTeamAsync();
        var keys = new List<Guid>();
        for (var i = 0; i < Keys; i++)
        {
            keys.Add(await ledger.AddKeyAsync(user));
            await ledger.SetAsync(ScopeKind.Key, keys[i], Budget(1_000), Budget(1_000) with { IsSoft = true });
        }

        await ledger.SetAsync(ScopeKind.Team, path.IdOf(ScopeKind.Team), Budget(4_000) with { IsSoft = true });
        var replicas = await StartAsync(ledger);

        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            var random = new Random(Seed + i);
            var replica = replicas[i % Replicas].Ledger;
            var hold = ledger.NewHold(user, random.Next(1, 60), TestLedger.Noon) with { ApiKeyId = keys[i % Keys], ChargeSet = ChargeSet.Of(path, []) };
            if (!(await replica.HoldAsync(hold, CancellationToken.None)).IsGranted) return;

            // A release lets the use fall below a threshold again.
            if (random.Next(3) == 0) await replica.SettleAsync(TestLedger.Released(hold.RequestId));
            else await replica.SettleAsync(TestLedger.Settled(hold.RequestId, hold.HeldNanoUsd));
        })));
        foreach (var (writer, _) in replicas)
        {
            await writer.StopAsync(CancellationToken.None);
            writer.Dispose();
        }

        var alerts = await new AlertLog(ledger.Database.Contexts).ListAsync(null, null, 200, CancellationToken.None);
        Assert.That(
            alerts.Select(alert => (alert.ScopeId, alert.Percent)),
            Is.EquivalentTo(keys.Append(path.IdOf(ScopeKind.Team)).SelectMany(scope => new (Guid?, int?)[] { (scope, 50), (scope, 80) })));
        Assert.That(alerts.Where(alert => alert.Used + alert.Held < alert.Amount * alert.Percent / 100), Is.Empty);
        Assert.That((await ledger.Ledger.VerifyAsync(CancellationToken.None)).BudgetDifferences, Is.Empty);
    }

    private static NewBudget Budget(long nanoUsd) =>
        new() { Metric = BudgetMetric.Spend, Window = PeriodKind.Month, Amount = Money.ToUsd(nanoUsd), AlertPercents = [50, 80] };

    private static async Task<List<(LedgerWriter Writer, DatabaseLedger Ledger)>> StartAsync(TestLedger ledger)
    {
        var replicas = Enumerable.Range(0, Replicas).Select(_ =>
        {
            var writer = new LedgerWriter(
                new PostgresLedgerDialect(ledger.Database.Settings, Settings), Settings, QuotaLimits.Unlimited, TimeProvider.System,
                NullLogger<LedgerWriter>.Instance);
            return (writer, new DatabaseLedger(
                writer, new LedgerVerifier(ledger.Database.Contexts, UnseenProgress.Instance), TimeProvider.System, NullLogger<DatabaseLedger>.Instance));
        }).ToList();
        foreach (var (writer, _) in replicas) await writer.StartAsync(CancellationToken.None);
        return replicas;
    }
}
