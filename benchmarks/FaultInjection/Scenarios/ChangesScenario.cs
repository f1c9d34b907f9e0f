using System.Diagnostics;
using System.Globalization;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// What is changed through one replica holds at another: a revoked key, a disabled user and a raised limit within the stated
/// time, a lowered limit at the very next request.
/// </summary>
internal sealed class ChangesScenario(FaultHarness harness)
{
    /// <summary>As docs/API.md states it.</summary>
    private static readonly TimeSpan Stated = TimeSpan.FromSeconds(5);

    // So late that something else is wrong.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task<Verdict> RunAsync(TimeSpan length)
    {
        var findings = new Findings();
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var changes = 0;
        var slowest = TimeSpan.Zero;
        do
        {
            var (here, there) = (changes % harness.Fleet.Size, (changes + 1) % harness.Fleet.Size);
            var took = await Task.WhenAll(
                RefusedAfterAsync(there, findings, "a revoked key", payer => harness.Administrator.RevokeAsync(payer, harness.Fleet.At(here)!)),
                RefusedAfterAsync(there, findings, "a disabled user", payer => harness.Administrator.DisableAsync(payer, harness.Fleet.At(here)!)),
                LimitAsync(here, there, findings));
            slowest = took.Append(slowest).Max();
            changes += took.Length;
        }
        while (TimeProvider.System.GetUtcNow() < deadline);

        return findings.Conclude(
            "Replicas: keys, users and limits changed at one, used at another",
            string.Create(CultureInfo.InvariantCulture, $"{changes} changes, the slowest seen after {slowest.TotalSeconds:0.0} s of the stated {Stated.TotalSeconds:0} s"),
            "none");
    }

    /// <returns>From the change's end to the first refusal.</returns>
    private async Task<TimeSpan> RefusedAfterAsync(int there, Findings findings, string what, Func<Payer, Task> change)
    {
        var payer = await harness.Administrator.AddPayerAsync();
        var before = await SendAsync(there, payer);
        findings.Expect(before.Status == 200, $"before the change: {before.Status} {before.Code}");
        await change(payer);
        var changedAt = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(changedAt) < Bound)
        {
            // What counts is when the request was sent, so that a busy machine does not make it late.
            var sentAfter = Stopwatch.GetElapsedTime(changedAt);
            var answer = await SendAsync(there, payer);
            if (answer.Status == 401) return sentAfter;
            findings.Expect(sentAfter <= Stated, $"{what} was answered {answer.Status} {answer.Code} {sentAfter.TotalSeconds:0.0} s after the change");
            await Task.Delay(Pause, TimeProvider.System);
        }

        findings.Violate($"{what} was never refused");
        return Bound;
    }

    private async Task<TimeSpan> LimitAsync(int here, int there, Findings findings)
    {
        var payer = await harness.Administrator.AddPayerAsync();
        var slowest = TimeSpan.Zero;
        foreach (var (daily, status) in new (long?, int)[] { (null, 200), (0, 429), (2, 200), (2, 429), (null, 200) })
        {
            await harness.Administrator.LimitAsync(payer.UserId, daily, null, null, harness.Fleet.At(here));
            var took = await AnsweredAfterAsync(there, payer, status, isAtOnce: status == 429);
            findings.Expect(took is not null, $"a request after the limit was set to {daily} was not answered {status} in time");
            slowest = new[] { slowest, took ?? Bound }.Max();
        }

        return slowest;
    }

    /// <summary>A refusal is remembered for a few seconds, so that a raised limit is seen only then; null: not in time.</summary>
    private async Task<TimeSpan?> AnsweredAfterAsync(int there, Payer payer, int status, bool isAtOnce)
    {
        var changedAt = Stopwatch.GetTimestamp();
        while (true)
        {
            var sentAfter = Stopwatch.GetElapsedTime(changedAt);
            var answer = await SendAsync(there, payer);
            if (answer.Status == status) return sentAfter;

            // What counts is a wrong answer to a request that was sent too late for it.
            if (isAtOnce || sentAfter > Stated) return null;
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private Task<Reply> SendAsync(int place, Payer payer) =>
        harness.Sender.SendAsync(harness.Fleet.At(place)!, payer, harness.Sender.NextName(), Manner.Native);
}
