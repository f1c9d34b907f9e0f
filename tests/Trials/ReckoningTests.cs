using AiGateway.Domain;
using AiGateway.Trials.Checks;
using AiGateway.Trials.Stage;

namespace AiGateway.Trials.Tests;

/// <summary>Books that were tampered with are found out: otherwise a clean verdict would mean nothing.</summary>
internal sealed class ReckoningTests
{
    [Test]
    public async Task Reckoning_WhenARowIsMissingAndAnotherIsThereTwice_NamesBoth()
    {
        await using var stage = await TrialStage.OnSqliteAsync();
        var payer = await stage.Administrator.AddPayerAsync();
        var answers = new List<Answer>();
        for (var i = 0; i < 3; i++) answers.Add(await stage.Sender.SendUntilDecidedAsync(stage.Fleet.At(0)!, payer, Manner.Chat));
        var clean = await CloseAsync(stage, answers);
        Assert.That(clean.Problems, Is.Empty);

        await stage.Ledger.TamperAsync($"DELETE FROM usage_records WHERE end_user = '{answers[0].Name}'");
        await stage.Ledger.TamperAsync($"UPDATE usage_records SET end_user = '{answers[1].Name}' WHERE end_user = '{answers[2].Name}'");
        var tampered = await CloseAsync(stage, answers);

        Assert.That(tampered.Lost, Has.Some.Contains(answers[0].Name).And.Some.Contains(answers[2].Name).And.None.Contains(answers[1].Name));
        Assert.That(tampered.ChargedTwice, Has.Exactly(1).Items.And.All.Contains(answers[1].Name));
        Assert.That(tampered.Violations, Has.Some.StartsWith("at the end: counter").And.Some.StartsWith("verify: "));
    }

    [Test]
    public void Sample_WhenALimitIsPassed_NamesIt()
    {
        var user = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var month = new Dictionary<Period, Figures> { [new Period(user, PeriodKind.Month, 20261101)] = new Figures(3, 60, 41) };
        var limits = new Dictionary<Guid, QuotaLimits> { [user] = new(null, 2, 100) };

        Assert.That(new Sample(month, month, limits).Faults(), Has.Exactly(1).Contains("3 requests above").And.Exactly(1).Contains("settled 60 + held 41"));
    }

    private static async Task<Verdict> CloseAsync(TrialStage stage, List<Answer> answers)
    {
        var findings = new Findings();
        await new Reckoning(stage, answers).CloseAsync(findings, atMost: TimeSpan.Zero);
        return findings.Conclude("", "", "");
    }
}
