using AiGateway.Application.Budgets;
using AiGateway.Application.Progress;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.Ledger.Budgets;

/// <summary>Four gateways on one PostgreSQL, and a tree of budgets that is full at some level.</summary>
internal sealed class BudgetReplicaTests
{
    private const int Replicas = 4;
    private const int Workers = 16;

    // The last one leaves budgets.
    private const int Changes = 40;
    private static readonly LedgerSettings Settings = new() { HoldLease = TimeSpan.FromSeconds(30), CommitTimeout = TimeSpan.FromSeconds(60) };

    [TestCase(5_000, 2_000, 500, 1_500, Description = "each key is full first")]
    [TestCase(5_000, 900, 500, 900, Description = "the team is full first")]
    [TestCase(700, 900, 500, 700, Description = "the organisation is full first")]
    public async Task Requests_ThroughThreeKeysOfATeam_StopExactlyAtTheLevelThatIsFull(long organisation, long team, long key, long total)
    {
        await using var ledger = await TestLedger.OpenAsync(DatabaseKind.Postgres, started: false, alone: true);
        var user = await ledger.AddUserAsync();
        var path = await ledger.AddTeamAsync();
        var keys = new List<Guid>();
        for (var i = 0; i < 3; i++) keys.Add(await ledger.AddKeyAsync(user));
        var replicas = await StartAsync(ledger);
        var requests = Enumerable.Range(0, 500)
            .Select(i => ledger.NewHold(user, 10, TestLedger.Noon) with { ApiKeyId = keys[i % 3], ChargeSet = ChargeSet.Of(path, []) }).ToList();

        // The budgets are set while the requests run: no gateway decides without them once they are set.
        await ledger.SetAsync(ScopeKind.Organisation, path.IdOf(ScopeKind.Organisation), Spend(organisation));
        await ledger.SetAsync(ScopeKind.Team, path.IdOf(ScopeKind.Team), Spend(team));
        foreach (var each in keys) await ledger.SetAsync(ScopeKind.Key, each, Spend(key));
        var held = await Task.WhenAll(requests.Select((hold, i) => Task.Run(async () =>
        {
            if (!(await replicas[i % Replicas].Ledger.HoldAsync(hold, CancellationToken.None)).IsGranted) return 0L;
            await replicas[i % Replicas].Ledger.SettleAsync(TestLedger.Settled(hold.RequestId, 10));
            return 10L;
        })));
        await StopAsync(replicas);

        Assert.That(held.Sum(), Is.EqualTo(total));
        await AssertBalancedAsync(ledger);
    }

    [Test]
    public async Task Budgets_ChangedAllTheTimeWhileFourGatewaysWrite_AlwaysEqualTheirRecords()
    {
        await using var ledger = await TestLedger.OpenAsync(DatabaseKind.Postgres, started: false, alone: true);
        var user = await ledger.AddUserAsync();
        var path = await ledger.AddTeamAsync();
        var key = await ledger.AddKeyAsync(user);
        var replicas = await StartAsync(ledger);
        var changing = Task.Run(async () =>
        {
            for (var i = 0; i < Changes; i++)
            {
                NewBudget[] budgets = (i % 4) switch
                {
                    0 => [Spend(1_000_000) with { Window = PeriodKind.Total, Model = "model*" }],
                    1 => [],
                    2 => [Spend(1_000_000) with { Window = PeriodKind.Day }],
                    _ => [Spend(1_000_000), Spend(1_000_000) with { PerEndUser = true }],
                };
                await ledger.SetAsync(ScopeKind.Key, key, budgets);
                await ledger.SetAsync(ScopeKind.Team, path.IdOf(ScopeKind.Team), budgets);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(i => Task.Run(async () =>
        {
            for (var n = 0; n < 3 || !changing.IsCompleted; n++)
            {
                var hold = ledger.NewHold(user, 10, TestLedger.Noon) with { ApiKeyId = key, ChargeSet = ChargeSet.Of(path, []), EndUser = $"user {i % 3}" };
                await replicas[i % Replicas].Ledger.HoldAsync(hold, CancellationToken.None);
                await replicas[i % Replicas].Ledger.SettleAsync(TestLedger.Settled(hold.RequestId, i % 10));
            }
        })));
        await changing;
        await StopAsync(replicas);

        await AssertBalancedAsync(ledger);
    }

    private static NewBudget Spend(long nanoUsd) => new() { Metric = BudgetMetric.Spend, Window = PeriodKind.Month, Amount = Money.ToUsd(nanoUsd) };

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

    private static async Task StopAsync(List<(LedgerWriter Writer, DatabaseLedger Ledger)> replicas)
    {
        foreach (var (writer, _) in replicas)
        {
            await writer.StopAsync(CancellationToken.None);
            writer.Dispose();
        }
    }

    private static async Task AssertBalancedAsync(TestLedger ledger)
    {
        var found = await ledger.Ledger.VerifyAsync(CancellationToken.None);
        Assert.That(found.Differences, Is.Empty);
        Assert.That(found.BudgetDifferences, Is.Empty);
        Assert.That(found.Held, Is.Zero);
    }
}
