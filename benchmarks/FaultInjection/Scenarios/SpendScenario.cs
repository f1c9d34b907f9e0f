using System.Globalization;
using AiGateway.Domain;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// All gateways use up one budget while requests settle. Settled and held cost never exceed the budget. At the end, less is left than one
/// request may cost.
/// </summary>
internal sealed class SpendScenario(FaultHarness harness)
{
    private const int Lanes = 16;
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
                answers.AddRange(await SpendAsync(findings));
            }
            while (TimeProvider.System.GetUtcNow() < deadline);
        }

        await new InvariantCheck(harness, answers).CloseAsync(findings);
        return findings.Conclude(
            "Replicas: a budget used up while requests settle",
            string.Create(CultureInfo.InvariantCulture, $"{budgets} budgets, {answers.Count} requests, {answers.Count(answer => answer.Status == 200)} admitted, {harness.Fleet.Size} gateways"),
            "none");
    }

    private async Task<IEnumerable<Reply>> SpendAsync(Findings findings)
    {
        var worst = await harness.Administrator.EstimateAsync();
        var budget = await harness.Administrator.BudgetAsync(WorstCases);
        var payer = await harness.Administrator.AddPayerAsync(spend: budget);
        var lanes = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => UntilRefusedAsync(payer)));

        // A lane may have been refused while others held. The amount that they released is used up as well.
        var last = await UntilRefusedAsync(payer);
        var spent = (await harness.Ledger.RowsAsync()).Where(row => row.UserId == payer.UserId).Sum(row => row.Cost);
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
