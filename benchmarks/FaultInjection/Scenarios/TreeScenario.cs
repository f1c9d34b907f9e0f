using System.Globalization;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// All gateways send for three teams of one organisation at once, more than fits. Each level admits exactly its share: what a
/// full key refuses, its team keeps for its other key, and what a full team refuses, the organisation keeps for other teams.
/// </summary>
internal sealed class TreeScenario(FaultHarness harness)
{
    private const int Teams = 3;
    private const int KeysOfATeam = 2;
    private const int RequestsOfAKey = 12;

    private static readonly Level[] Full =
    [
        new("keys are full", OfOrganisation: 60, OfTeam: 20, OfKey: 5),
        new("teams are full", OfOrganisation: 60, OfTeam: 8, OfKey: 7),
        new("the organisation is full", OfOrganisation: 31, OfTeam: 20, OfKey: 11),
    ];

    public async Task<Verdict> RunAsync(TimeSpan length)
    {
        var findings = new Findings();
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var worst = await harness.Administrator.EstimateAsync();
        var admitted = new List<int>();
        await using (Sampler.Start(harness.Ledger, findings))
        {
            do
            {
                foreach (var level in Full)
                {
                    admitted.Add(await FillAsync(level, findings, "requests", static count => count));
                    admitted.Add(await FillAsync(level, findings, "spend", count => decimal.Round((count + 0.5m) * worst, 9, MidpointRounding.ToZero)));
                }
            }
            while (TimeProvider.System.GetUtcNow() < deadline);
        }

        foreach (var difference in await harness.Administrator.VerifyAsync()) findings.Violate($"verify: {difference}");
        return findings.Conclude(
            "Replicas: budgets of an organisation, its teams and their keys",
            string.Create(CultureInfo.InvariantCulture, $"{admitted.Count} organisations (requests, spend), {Teams} teams and {Teams * KeysOfATeam} keys each, {Teams * KeysOfATeam * RequestsOfAKey} requests at once for a capacity of {admitted.Min()} to {admitted.Max()}, {harness.Fleet.Size} gateways"),
            "none");
    }

    private async Task<int> FillAsync(Level level, Findings findings, string metric, Func<int, decimal> amountOf)
    {
        var organisation = await harness.Administrator.AddOrganisationAsync(new Allowance(metric, amountOf(level.OfOrganisation)));
        var payers = new List<Payer>();
        for (var i = 0; i < Teams; i++)
        {
            var team = await harness.Administrator.AddTeamAsync(organisation, new Allowance(metric, amountOf(level.OfTeam)));
            for (var j = 0; j < KeysOfATeam; j++)
                payers.AddRange(Enumerable.Repeat(await harness.Administrator.AddMemberAsync(team, new Allowance(metric, amountOf(level.OfKey))), RequestsOfAKey));
        }

        return await Burst.SendAsync(harness, payers, harness.Fleet.Size, level.Capacity, $"{metric}, {level.Name}", findings);
    }

    /// <summary>How many requests each level admits, and which one is full first.</summary>
    private sealed record Level(string Name, int OfOrganisation, int OfTeam, int OfKey)
    {
        public int Capacity => Math.Min(OfOrganisation, Teams * Math.Min(OfTeam, KeysOfATeam * Math.Min(OfKey, RequestsOfAKey)));
    }
}
