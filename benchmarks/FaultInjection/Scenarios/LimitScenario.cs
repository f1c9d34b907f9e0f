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

    private async Task<int> AtOnceAsync(int among, Findings findings, string limit, Func<Task<Payer>> addPayer) =>
        await Burst.SendAsync(harness, [.. Enumerable.Repeat(await addPayer(), Asked)], among, Capacity, limit, findings);
}
