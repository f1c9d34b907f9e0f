using AiGateway.Application.Progress;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Ledger.Budgets;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.Ledger.Rates;

/// <summary>Four gateways on one PostgreSQL share a rate. The clock of the database is driven by the test.</summary>
internal sealed class RateReplicaTests
{
    private const int Replicas = 4;
    private const long PerMinute = 60_000;
    private const long Tokens = 700;
    private const int Minutes = 5;
    private static readonly LedgerSettings Settings = new() { HoldLease = TimeSpan.FromSeconds(120), CommitTimeout = TimeSpan.FromSeconds(60) };

    [Test]
    public async Task Tokens_AskedForWithoutPauseForFiveMinutes_AreTheExactAmount_AndTheWaitIsRightToTheSecond()
    {
        await using var ledger = await RatedLedger.OpenAsync(DatabaseKind.Postgres, started: false);
        var user = await ledger.AddUserAsync();
        var path = await ledger.AddTeamAsync();
        var team = path.IdOf(ScopeKind.Team);
        await ledger.SetRatesAsync(ScopeKind.Team, team, tokens: PerMinute);
        var replicas = await StartAsync(ledger);
        var asked = 0;

        var admitted = await AskAsync(100);
        var step = TimeSpan.FromSeconds(4);
        for (var time = step; time <= TimeSpan.FromMinutes(Minutes); time += step)
        {
            await ledger.PassAsync(step);
            admitted += await AskAsync(12);
        }

        // A whole minute at once, then five minutes.
        Assert.That(admitted * Tokens, Is.GreaterThan((PerMinute * (Minutes + 1)) - Tokens).And.LessThanOrEqualTo(PerMinute * (Minutes + 1)));
        for (var i = 0; i < Replicas; i++)
        {
            var wait = (await TryAsync(i, 10_000)).Refusal!.RetryAfter!.Value;
            var seconds = TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds));
            await ledger.PassAsync(seconds - TimeSpan.FromSeconds(1));
            Assert.That((await TryAsync(i + 1, 10_000)).IsGranted, Is.False, "one second earlier");
            await ledger.PassAsync(TimeSpan.FromSeconds(1));
            Assert.That((await TryAsync(i + 2, 10_000)).IsGranted, Is.True, "after Retry-After");
        }

        await StopAsync(replicas);

        Task<Application.Ledger.HoldDecision> TryAsync(int replica, long tokens) => replicas[replica % Replicas].Ledger.HoldAsync(
            ledger.NewHold(user).OfTokens(tokens) with { ChargeSet = ChargeSet.Of(path, []) }, CancellationToken.None);

        // Every third request takes more than it uses, and gives the rest back.
        async Task<int> AskAsync(int count)
        {
            var granted = await Task.WhenAll(Enumerable.Range(asked, count).Select(i => Task.Run(async () =>
            {
                var hold = ledger.NewHold(user).OfTokens(Tokens) with { ChargeSet = ChargeSet.Of(path, []) };
                if (!(await replicas[i % Replicas].Ledger.HoldAsync(hold, CancellationToken.None)).IsGranted) return 0;
                var isReleased = i % 3 == 0;
                await replicas[i % Replicas].Ledger.SettleAsync(
                    isReleased ? TestLedger.Released(hold.RequestId) : RatedLedger.Used(hold.RequestId, Tokens));
                return isReleased ? 0 : 1;
            })));
            asked += count;
            var sum = granted.Sum();

            // What was given back is asked for again.
            while ((await TryAsync(asked++, Tokens)).IsGranted) sum++;
            return sum;
        }
    }

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
}
