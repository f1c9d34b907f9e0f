using System.Diagnostics;
using System.Globalization;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;
using AiGateway.StandIn.Replies;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// Gateways are asked to stop (SIGTERM) under load, one after the other, and started again. They finish accepted requests and streams
/// within the time of the drain and ten seconds. Longer streams are then cut: their outcome is unknown, and they are charged at most
/// what was held. No request is lost or expires.
/// </summary>
internal sealed class StopScenario(FaultHarness harness)
{
    private const int Lanes = 16;
    private const int LongStreams = 8;

    /// <summary>The index of the gateway whose streams outlast its stop. The gateways before it take the load.</summary>
    private const int Outlasting = 2;

    /// <summary>The time-outs of the gateways in this scenario.</summary>
    public static readonly Timeouts Timeouts = new() { Request = TimeSpan.FromSeconds(8) };

    private static readonly TimeSpan Stated = Timeouts.Request + TimeSpan.FromSeconds(10);

    // A margin for the settlements after the last stream, and for a busy machine.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    private readonly string[] _longNames = [.. Enumerable.Range(0, LongStreams).Select(_ => harness.Sender.NextName())];
    private readonly TaskCompletionSource _areOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;

    public async Task<Verdict> RunAsync(TimeSpan length, int leastStops)
    {
        var findings = new Findings();
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var payer = await harness.Administrator.AddPayerAsync(spend: 1_000_000);
        harness.Provider.Plan = name => _longNames.Contains(name)
            ? OpenLong()
            : FaultHarness.Lively(name) with
            {
                Wait = TimeSpan.FromMilliseconds(Random.Shared.Next(0, 500)),
                Gap = TimeSpan.FromMilliseconds(Random.Shared.Next(20, 100)),
            };
        var stops = 0;
        var slowest = TimeSpan.Zero;
        await using var load = Load.Start(harness, Lanes, () => payer, () => harness.Fleet.Any(Outlasting));
        var outlasting = OutlastAsync(payer, findings);
        await using (Sampler.Start(harness.Ledger, findings))
        {
            while (stops < leastStops || TimeProvider.System.GetUtcNow() < deadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(500, 1500)), TimeProvider.System);
                var place = stops++ % Outlasting;
                var took = await StopAsync(place, findings);
                slowest = took > slowest ? took : slowest;
                await harness.Fleet.StartAsync(place);
            }

            await load.StopAsync();
        }

        var turnedAway = 0;
        foreach (var answer in load.Answers)
        {
            if (answer is { Status: 200, IsWhole: true }) continue;

            // The request was not accepted, or a gateway that was still starting refused it. It never reached the provider.
            turnedAway++;
            if ((answer.Status == 0 || answer.IsUnavailable) && !harness.Provider.Served.ContainsKey(answer.Name)) continue;
            findings.Lose($"{answer.Name} was answered {answer.Status} {answer.Code}{(answer.IsWhole ? "" : ", not to its end")}");
        }

        var cut = await outlasting;
        Reply[] answers = [.. load.Answers, .. cut];
        var check = new InvariantCheck(harness, answers);
        await check.CloseAsync(findings);
        findings.Expect(check.Expired == 0, $"{check.Expired} requests are expired after graceful stops");
        findings.Expect(check.Unknown == LongStreams, $"the outcome of {check.Unknown} requests is unknown, where {LongStreams} were cut");
        return findings.Conclude(
            "Graceful stop: SIGTERM under load",
            string.Create(CultureInfo.InvariantCulture, $"{harness.Fleet.Size} gateways, {Lanes} lanes, {load.Answers.Count} requests, {turnedAway} turned away, {check.Settled} settled, {check.Unknown} of unknown outcome; {LongStreams} streams that outlast the stop; slowest drain {slowest.TotalSeconds:0.0} s of {Stated.TotalSeconds:0} s"),
            string.Create(CultureInfo.InvariantCulture, $"{stops + 1} stops"));
    }

    private async Task<TimeSpan> StopAsync(int place, Findings findings)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var exitCode = await harness.Fleet.StopAsync(place);
        var took = Stopwatch.GetElapsedTime(startedAt);
        findings.Expect(exitCode == 0, $"a gateway that was asked to stop ended with {exitCode}");
        findings.Expect(took < Stated + Slack, $"a gateway took {took.TotalSeconds:0.0} s to stop");
        return took;
    }

    /// <summary>Opens streams that would run for minutes, and stops their gateway.</summary>
    private async Task<Reply[]> OutlastAsync(Payer payer, Findings findings)
    {
        var streams = _longNames.Select((name, i) => harness.Sender.SendAsync(
            harness.Fleet.At(Outlasting)!, payer, name, i % 2 == 0 ? Manner.ChatStreamed : Manner.NativeStreamed)).ToArray();
        await Task.WhenAny(_areOpen.Task, Task.WhenAll(streams));
        await StopAsync(Outlasting, findings);
        return await Task.WhenAll(streams);
    }

    private ReplyPlan OpenLong()
    {
        if (Interlocked.Increment(ref _open) == LongStreams) _areOpen.SetResult();
        return new() { Chunks = Sender.MaxTokens, Gap = TimeSpan.FromSeconds(1) };
    }
}
