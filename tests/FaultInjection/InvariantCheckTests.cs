using AiGateway.Domain;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Tests;

/// <summary>The invariant check finds records that were changed. Without that, a clean verdict would prove nothing.</summary>
internal sealed class InvariantCheckTests
{
    [Test]
    public async Task Check_WhenARecordIsMissingAndAnotherIsDuplicated_NamesBoth()
    {
        await using var harness = await FaultHarness.OnSqliteAsync();
        var payer = await harness.Administrator.AddPayerAsync();
        var answers = new List<Reply>();
        for (var i = 0; i < 3; i++) answers.Add(await harness.Sender.SendUntilDecidedAsync(harness.Fleet.At(0)!, payer, Manner.Chat));
        var clean = await CloseAsync(harness, answers);
        Assert.That(clean.Problems, Is.Empty);

        await harness.Ledger.TamperAsync($"DELETE FROM usage_records WHERE end_user = '{answers[0].Name}'");
        await harness.Ledger.TamperAsync($"UPDATE usage_records SET end_user = '{answers[1].Name}' WHERE end_user = '{answers[2].Name}'");
        var tampered = await CloseAsync(harness, answers);

        Assert.That(tampered.Lost, Has.Some.Contains(answers[0].Name).And.Some.Contains(answers[2].Name).And.None.Contains(answers[1].Name));
        Assert.That(tampered.ChargedTwice, Has.Exactly(1).Items.And.All.Contains(answers[1].Name));
        Assert.That(tampered.Violations, Has.Some.StartsWith("at the end: counter").And.Some.StartsWith("verify: "));
    }

    [Test]
    public void Sample_WhenALimitIsExceeded_NamesIt()
    {
        var user = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var month = new Dictionary<Period, Figures> { [new Period(user, PeriodKind.Month, 20261101)] = new Figures(3, 60, 41) };
        var limits = new Dictionary<Guid, QuotaLimits> { [user] = new(null, 2, 100) };

        Assert.That(new Sample(month, month, limits).Faults(), Has.Exactly(1).Contains("3 requests above").And.Exactly(1).Contains("settled 60 + held 41"));
    }

    [Test]
    public void Sample_WhenABudgetIsExceededOrDiffersFromItsTeams_NamesBoth()
    {
        var none = new Dictionary<Period, Figures>();
        var sample = new Sample(none, none, new Dictionary<Guid, QuotaLimits>())
        {
            Budgets =
            [
                new(ScopeKind.Team, BudgetMetric.Spend, 100, new(1, 1, 0, 0, 60, 41)),
                new(ScopeKind.Team, BudgetMetric.Concurrent, 1, new(9, 1, 0, 0, 0, 0)),
            ],
            Families = [new(Guid.Empty, new(3, 60, 41), new(2, 60, 41)), new(Guid.Empty, new(3, 60, 41), new(3, 60, 41))],
        };

        Assert.That(sample.Faults(), Has.Exactly(1).StartsWith("101 used").And.Exactly(1).Contains("beside the sum").And.Exactly(2).Items);
    }

    private static async Task<Verdict> CloseAsync(FaultHarness harness, List<Reply> answers)
    {
        var findings = new Findings();
        await new InvariantCheck(harness, answers).CloseAsync(findings, atMost: TimeSpan.Zero);
        return findings.Conclude("", "", "");
    }
}
