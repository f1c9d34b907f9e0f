using System.Diagnostics;
using System.Globalization;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;
using AiGateway.Testing;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// The database is stopped, crashed, frozen, slowed down and locked under load, and brought back. Meanwhile, requests are refused with
/// ledger_unavailable in bounded time, no request is forwarded without a hold, and the gateways recover by themselves. A reply that arrives
/// while the database is out of reach is delivered. Its gateway keeps the settlement and writes it when the database is back. The request
/// expires only if that gateway dies first.
/// </summary>
internal sealed class LostDatabaseScenario(FaultHarness harness, PostgresServer server, Wire wire)
{
    private const int Lanes = 16;
    private const int NewUsers = 8;

    /// <summary>The time-outs of the gateways in this scenario.</summary>
    public static readonly Timeouts Timeouts = new() { Ledger = TimeSpan.FromMilliseconds(500) };

    // A request waits for the look-up of its caller, its hold and its settlement. The rest is a margin for a busy machine.
    private static readonly TimeSpan Bound = 10 * Timeouts.Ledger;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);

    // Longer than the bound. A request that waits for the database exceeds the bound.
    private static readonly TimeSpan Long = Bound + TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RecoveryBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private Payer[] _payers = [];

    public async Task<Verdict> RunAsync(TimeSpan length)
    {
        var findings = new Findings();
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var payer = await harness.Administrator.AddPayerAsync(spend: 1_000_000);
        var rounds = 0;
        int samples;
        _payers = [payer];
        await using var load = Load.Start(harness, Lanes, () => Random.Shared.Next(2) == 0 ? payer : _payers[Random.Shared.Next(_payers.Length)]);
        await using (var sampler = Sampler.Start(harness.Ledger, findings))
        {
            do
            {
                rounds++;
                await DisturbAsync(findings, "stopped", Short, () => server.Stop(orderly: true), server.Restart);
                await DisturbAsync(findings, "crashed", Short, () => server.Stop(orderly: false), server.Restart);
                await DisturbAsync(findings, "frozen", Long, server.Freeze, server.Thaw);
                await DisturbAsync(findings, "slow", Short, () => wire.Delay = Timeouts.Ledger, () => wire.Delay = TimeSpan.Zero);
                await LockAsync(findings);
            }
            while (TimeProvider.System.GetUtcNow() < deadline);
            await load.StopAsync();
            samples = sampler.Samples;
        }

        var check = new InvariantCheck(harness, load.Answers);
        await check.CloseAsync(findings);
        Judge(load.Answers, findings);
        findings.Expect(check.Expired == 0, $"{check.Expired} requests are expired, though their gateways lived");
        var refused = load.Answers.Where(answer => answer.Status == 503).ToArray();
        return findings.Conclude(
            "Lost database: PostgreSQL",
            string.Create(CultureInfo.InvariantCulture, $"{harness.Fleet.Size} gateways, {Lanes} lanes, {load.Answers.Count} requests, {refused.Length} refused, the slowest after {refused.Select(answer => answer.Took.TotalSeconds).DefaultIfEmpty().Max():0.0} s; {check.Settled} settled, {check.Released} released, {samples} states sampled"),
            string.Create(CultureInfo.InvariantCulture, $"{rounds} x stopped, crashed, frozen, slow, locked"));
    }

    private async Task LockAsync(Findings findings)
    {
        IAsyncDisposable? held = null;
        await DisturbAsync(findings, "locked", Short, () => held = harness.Ledger.LockAsync().GetAwaiter().GetResult(), () => held!.DisposeAsync().AsTask().GetAwaiter().GetResult());
    }

    /// <summary>Disturbs the database while the load runs. New users join the load, because gateways cache the users that they know.</summary>
    private async Task DisturbAsync(Findings findings, string how, TimeSpan time, Action begin, Action end)
    {
        _payers = await Task.WhenAll(Enumerable.Range(0, NewUsers).Select(_ => harness.Administrator.AddPayerAsync(spend: 1_000_000)));
        await Task.Run(begin);
        await Task.Delay(time, TimeProvider.System);
        await Task.Run(end);
        for (var place = 0; place < harness.Fleet.Size; place++)
        {
            var startedAt = Stopwatch.GetTimestamp();
            while ((await harness.Sender.SendAsync(harness.Fleet.At(place)!, _payers[0], harness.Sender.NextName(), Manner.Native)).Status != 200)
            {
                if (Stopwatch.GetElapsedTime(startedAt) > RecoveryBound)
                {
                    findings.Violate($"gateway {place} did not recover after the database was {how}");
                    break;
                }

                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }

    private static void Judge(IReadOnlyCollection<Reply> answers, Findings findings)
    {
        findings.Expect(answers.Any(answer => answer.Status == 503), "no request was refused, although the database was out of reach");
        foreach (var answer in answers)
        {
            findings.Expect(
                answer is { Status: 200, IsWhole: true } or { IsUnavailable: true },
                $"{answer.Name} was answered {answer.Status} {answer.Code}, retry-after {answer.HasRetryAfter}, whole {answer.IsWhole}");
            findings.Expect(answer.Took <= Bound, $"{answer.Name} was answered {answer.Status} after {answer.Took.TotalSeconds:0.0} s");
        }
    }
}
