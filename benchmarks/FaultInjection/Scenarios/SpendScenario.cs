using System.Globalization;
using AiGateway.Domain;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// All gateways use up one budget, of a user or of an organisation with three teams, while requests settle. Settled and held cost never exceed the budget. At the end, less is left than one
/// request may cost.
/// </summary>
internal sealed class SpendScenario(FaultHarness harness)
{
    private const int Lanes = 16;
    private const int Teams = 3;
    private const decimal WorstCases = 16.5m;

    public async Task<Verdict> RunAsync(TimeSpan length)
    {
        var findings = new Findings();
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var answers = new List<Reply>();
        var budgets = 0;
        await using (Sampler.Start(harness.Ledger, findings))
        {
            do
            {
                budgets++;
                answers.AddRange(await SpendAsync(findings, budgets % 2 == 0 ? AddUserAsync : AddOrganisationAsync));
            }
            while (budgets < 2 || TimeProvider.System.GetUtcNow() < deadline);
        }

        await new InvariantCheck(harness, answers).CloseAsync(findings);
        return findings.Conclude(
            "Replicas: a budget used up while requests settle",
            string.Create(CultureInfo.InvariantCulture, $"{budgets} budgets, {answers.Count} requests, {answers.Count(answer => answer.Status == 200)} admitted, {harness.Fleet.Size} gateways"),
            "none");
    }

    private async Task<Payer[]> AddUserAsync(decimal budget) => [await harness.Administrator.AddPayerAsync(spend: budget)];

    private async Task<Payer[]> AddOrganisationAsync(decimal budget)
    {
        var organisation = await harness.Administrator.AddOrganisationAsync(new Allowance("spend", budget));
        var payers = new Payer[Teams];
        for (var i = 0; i < Teams; i++) payers[i] = await harness.Administrator.AddMemberAsync(await harness.Administrator.AddTeamAsync(organisation));
        return payers;
    }

    private async Task<IEnumerable<Reply>> SpendAsync(Findings findings, Func<decimal, Task<Payer[]>> addPayersAsync)
    {
        var worst = await harness.Administrator.EstimateAsync();
        var budget = await harness.Administrator.BudgetAsync(WorstCases);
        var payers = await addPayersAsync(budget);
        var lanes = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(i => UntilRefusedAsync(payers[i % payers.Length])));

        // A lane may have been refused while others held. The amount that they released is used up as well.
        var last = await UntilRefusedAsync(payers[0]);
        var spent = (await harness.Ledger.RowsAsync()).Where(row => payers.Any(payer => payer.UserId == row.UserId)).Sum(row => row.Cost);
        var limit = (long)(budget * Money.NanoUsdPerUsd);
        findings.Expect(
            spent <= limit && spent + (long)(worst * Money.NanoUsdPerUsd) > limit,
            $"{spent} of {limit} spent, though a request costs at most {worst * Money.NanoUsdPerUsd}");
        foreach (var answer in lanes.Append(last).Select(each => each[^1]))
            findings.Expect(answer.IsOverLimit, $"{answer.Name} was answered {answer.Status} {answer.Code}, not refused by the limit");
        return lanes.Append(last).SelectMany(each => each);
    }

    private async Task<List<Reply>> UntilRefusedAsync(Payer payer)
    {
        var answers = new List<Reply>();
        do answers.Add(await harness.Sender.SendUntilDecidedAsync(harness.Fleet.Any()!, payer, Manner.Native));
        while (answers[^1].Status == 200);
        return answers;
    }
}
