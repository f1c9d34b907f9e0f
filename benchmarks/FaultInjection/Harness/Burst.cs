using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Harness;

/// <summary>
/// Requests that are sent at once. The provider answers only after all of them are decided, and no hold is released before.
/// So a limit admits an exact number of them.
/// </summary>
internal static class Burst
{
    /// <summary>Sends them to the first gateways in turn, and compares the number of admitted ones.</summary>
    /// <param name="harness">Its provider answers nothing else meanwhile.</param>
    /// <param name="payers">Who pays each request.</param>
    /// <param name="among">The number of gateways.</param>
    /// <param name="capacity">The number of requests that the limits admit.</param>
    /// <param name="limit">The limit in words.</param>
    /// <param name="findings">Gets the differences.</param>
    /// <returns>The number of admitted requests.</returns>
    public static async Task<int> SendAsync(
        FaultHarness harness, IReadOnlyList<Payer> payers, int among, int capacity, string limit, Findings findings)
    {
        var isDecided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var decided = 0;
        var forwarded = 0;
        harness.Provider.Plan = name =>
        {
            Interlocked.Increment(ref forwarded);
            Note();
            return FaultHarness.Lively(name) with { Until = isDecided.Task };
        };
        var answers = await Task.WhenAll(payers.Select(async (payer, i) =>
        {
            var answer = await harness.Sender.SendUntilDecidedAsync(harness.Fleet.At(i % among)!, payer, Manner.Native);
            if (answer.IsRefused) Note();
            return answer;
        }));
        harness.Provider.Plan = FaultHarness.Lively;

        var admitted = answers.Count(answer => answer is { Status: 200, IsWhole: true });
        findings.Expect(
            admitted == capacity && forwarded == capacity,
            $"{among} gateways admitted {admitted} and forwarded {forwarded} at a limit of {capacity} ({limit}): {Tell(answers)}");
        findings.Expect(
            answers.Count(answer => answer.IsOverLimit) == payers.Count - capacity,
            $"{among} gateways refused otherwise than by the limit ({limit}): {Tell(answers)}");
        return admitted;

        void Note()
        {
            if (Interlocked.Increment(ref decided) == payers.Count) isDecided.TrySetResult();
        }
    }

    private static string Tell(IEnumerable<Reply> answers) =>
        string.Join(", ", answers.GroupBy(answer => (answer.Status, answer.Code)).Select(group => $"{group.Count()} x {group.Key.Status} {group.Key.Code}"));
}
