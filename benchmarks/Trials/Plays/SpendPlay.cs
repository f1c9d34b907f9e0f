using System.Globalization;
using AiGateway.Domain;
using AiGateway.Trials.Checks;
using AiGateway.Trials.Stage;

namespace AiGateway.Trials.Plays;

/// <summary>
/// A budget used up by all gateways at once while requests settle: settled and held never pass it, and in the
/// end there is less left than one request may cost.
/// </summary>
internal sealed class SpendPlay(TrialStage stage)
{
    private const int Lanes = 16;
    private const decimal WorstCases = 16.5m;

    public async Task<Verdict> RunAsync(TimeSpan length)
    {
        var findings = new Findings();
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var answers = new List<Answer>();
        var budgets = 0;
        await using (Sampler.Start(stage.Ledger, findings))
        {
            do
            {
                budgets++;
                answers.AddRange(await SpendAsync(findings));
            }
            while (TimeProvider.System.GetUtcNow() < deadline);
        }

        await new Reckoning(stage, answers).CloseAsync(findings);
        return findings.Conclude(
            "Replicas: a budget used up while requests settle",
            string.Create(CultureInfo.InvariantCulture, $"{budgets} budgets, {answers.Count} requests, {answers.Count(answer => answer.Status == 200)} admitted, {stage.Fleet.Size} gateways"),
            "none");
    }

    private async Task<IEnumerable<Answer>> SpendAsync(Findings findings)
    {
        var worst = await stage.Administrator.EstimateAsync();
        var budget = await stage.Administrator.BudgetAsync(WorstCases);
        var payer = await stage.Administrator.AddPayerAsync(spend: budget);
        var lanes = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => UntilRefusedAsync(payer)));

        // A lane may have been refused while others held: what they gave back is spent too.
        var last = await UntilRefusedAsync(payer);
        var spent = (await stage.Ledger.RowsAsync()).Where(row => row.UserId == payer.UserId).Sum(row => row.Cost);
        var limit = (long)(budget * Money.NanoUsdPerUsd);
        findings.Expect(
            spent <= limit && spent + (long)(worst * Money.NanoUsdPerUsd) > limit,
            $"{spent} of {limit} spent, though a request costs at most {worst * Money.NanoUsdPerUsd}");
        foreach (var answer in lanes.Append(last).Select(each => each[^1]))
            findings.Expect(answer.IsOverLimit, $"{answer.Name} was answered {answer.Status} {answer.Code}, not refused by the limit");
        return lanes.Append(last).SelectMany(each => each);
    }

    private async Task<List<Answer>> UntilRefusedAsync(Payer payer)
    {
        var answers = new List<Answer>();
        do answers.Add(await stage.Sender.SendUntilDecidedAsync(stage.Fleet.Any()!, payer, Manner.Native));
        while (answers[^1].Status == 200);
        return answers;
    }
}
