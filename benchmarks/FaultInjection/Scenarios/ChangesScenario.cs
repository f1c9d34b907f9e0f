using System.Diagnostics;
using System.Globalization;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// A change through one replica takes effect at another. A revoked key, a disabled user and a raised limit take effect within the stated
/// time. A lowered limit takes effect at the next request.
/// </summary>
internal sealed class ChangesScenario(FaultHarness harness)
{
    /// <summary>The time that docs/API.md states.</summary>
    private static readonly TimeSpan Stated = TimeSpan.FromSeconds(5);

    // The longest wait. A change that takes longer is reported as never seen.
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

    /// <returns>The time from the end of the change to the first refused request.</returns>
    private async Task<TimeSpan> RefusedAfterAsync(int there, Findings findings, string what, Func<Payer, Task> change)
    {
        var payer = await harness.Administrator.AddPayerAsync();
        var before = await SendAsync(there, payer);
        findings.Expect(before.Status == 200, $"before the change: {before.Status} {before.Code}");
        await change(payer);
        var changedAt = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(changedAt) < Bound)
        {
            // The time of sending counts. A slow reply on a busy machine does not make the change late.
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

    /// <summary>
    /// A refusal is remembered for a few seconds, and a raised limit takes effect after them. Null if it does not take effect in time.
    /// </summary>
    private async Task<TimeSpan?> AnsweredAfterAsync(int there, Payer payer, int status, bool isAtOnce)
    {
        var changedAt = Stopwatch.GetTimestamp();
        while (true)
        {
            var sentAfter = Stopwatch.GetElapsedTime(changedAt);
            var answer = await SendAsync(there, payer);
            if (answer.Status == status) return sentAfter;

            // Only a wrong reply to a request that was sent after the stated time counts.
            if (isAtOnce || sentAfter > Stated) return null;
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private Task<Reply> SendAsync(int place, Payer payer) =>
        harness.Sender.SendAsync(harness.Fleet.At(place)!, payer, harness.Sender.NextName(), Manner.Native);
}
