using System.Globalization;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// The same workload through 1, 2 and 4 gateways on one database. Each limit admits exactly the same number of requests. For requests that
/// is the limit. For spend it is the number of maximum costs that fit while all requests are under way.
/// </summary>
internal sealed class LimitScenario(FaultHarness harness)
{
    private const int Capacity = 40;
    private const int Asked = 70;

    private static readonly int[] Gateways = [1, 2, 4];

    public async Task<Verdict> RunAsync(TimeSpan length)
    {
        var findings = new Findings();
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var rounds = 0;
        var admitted = new List<int>();
        await using (Sampler.Start(harness.Ledger, findings))
        {
            do
            {
                rounds++;
                foreach (var among in Gateways)
                {
                    admitted.Add(await AtOnceAsync(among, findings, "daily requests", () => harness.Administrator.AddPayerAsync(daily: Capacity)));
                    admitted.Add(await AtOnceAsync(among, findings, "monthly requests", () => harness.Administrator.AddPayerAsync(monthly: Capacity)));
                    admitted.Add(await AtOnceAsync(among, findings, "spend", AddSpenderAsync));
                }
            }
            while (TimeProvider.System.GetUtcNow() < deadline);
        }

        foreach (var difference in await harness.Administrator.VerifyAsync()) findings.Violate($"verify: {difference}");
        return findings.Conclude(
            "Replicas: the same limit through 1, 2 and 4 gateways",
            string.Create(CultureInfo.InvariantCulture, $"{admitted.Count} limits (requests a day, requests a month, spend), {Asked} requests at once for a capacity of {Capacity} each; admitted {admitted.Min()} to {admitted.Max()}"),
            "none");
    }

    /// <summary>A user whose spend limit is the given number of maximum costs and half of another.</summary>
    private async Task<Payer> AddSpenderAsync() =>
        await harness.Administrator.AddPayerAsync(spend: await harness.Administrator.BudgetAsync(Capacity + 0.5m));

    /// <summary>Sends all requests at once. The provider answers only after all requests are decided, and no hold is released before.</summary>
    private async Task<int> AtOnceAsync(int among, Findings findings, string limit, Func<Task<Payer>> addPayer)
    {
        var payer = await addPayer();
        var isDecided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var decided = 0;
        var forwarded = 0;
        harness.Provider.Plan = name =>
        {
            Interlocked.Increment(ref forwarded);
            Note();
            return FaultHarness.Lively(name) with { Until = isDecided.Task };
        };
        var answers = await Task.WhenAll(Enumerable.Range(0, Asked).Select(async i =>
        {
            var answer = await harness.Sender.SendUntilDecidedAsync(harness.Fleet.At(i % among)!, payer, Manner.Native);
            if (answer.IsRefused) Note();
            return answer;
        }));
        harness.Provider.Plan = FaultHarness.Lively;

        var admitted = answers.Count(answer => answer is { Status: 200, IsWhole: true });
        findings.Expect(
            admitted == Capacity && forwarded == Capacity,
            $"{among} gateways admitted {admitted} and forwarded {forwarded} at a limit of {Capacity} ({limit}): {Tell(answers)}");
        findings.Expect(
            answers.Count(answer => answer.IsOverLimit) == Asked - Capacity,
            $"{among} gateways refused otherwise than by the limit ({limit}): {Tell(answers)}");
        return admitted;

        void Note()
        {
            if (Interlocked.Increment(ref decided) == Asked) isDecided.TrySetResult();
        }
    }

    private static string Tell(IEnumerable<Reply> answers) =>
        string.Join(", ", answers.GroupBy(answer => (answer.Status, answer.Code)).Select(group => $"{group.Count()} x {group.Key.Status} {group.Key.Code}"));
}
