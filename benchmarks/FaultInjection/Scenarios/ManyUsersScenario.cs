using System.Collections.Concurrent;
using System.Globalization;
using AiGateway.Domain;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>Many users in random order on all gateways. No deadlock occurs, and no request is lost.</summary>
internal sealed class ManyUsersScenario(FaultHarness harness)
{
    private const int Users = 500;
    private const int RequestsEach = 2;
    private const int Lanes = 32;

    public async Task<Verdict> RunAsync(TimeSpan length)
    {
        var findings = new Findings();
        var payers = new ConcurrentBag<Payer>();
        await Parallel.ForAsync(0, Users, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
            payers.Add(await harness.Administrator.AddPayerAsync()));

        var deadline = TimeProvider.System.GetUtcNow() + length;
        var answers = new ConcurrentQueue<Reply>();
        var rounds = 0;
        await using (Sampler.Start(harness.Ledger, findings))
        {
            do
            {
                rounds++;
                await RoundAsync([.. payers], answers);
            }
            while (TimeProvider.System.GetUtcNow() < deadline);
        }

        foreach (var answer in answers.Where(answer => answer is not { Status: 200, IsWhole: true }))
            findings.Violate($"{answer.Name} was answered {answer.Status} {answer.Code}");
        var counters = (await harness.Ledger.SampleAsync()).Counters;
        foreach (var payer in payers)
        {
            var counted = counters.Where(counter => counter.Key.UserId == payer.UserId && counter.Key.Kind == PeriodKind.Month).Sum(counter => counter.Value.Requests);
            findings.Expect(counted == rounds * RequestsEach, $"user {payer.UserId} made {rounds * RequestsEach} requests, {counted} are counted");
        }

        await new InvariantCheck(harness, answers).CloseAsync(findings);
        var deadlocks = await harness.Ledger.CountAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
        findings.Expect(deadlocks == 0, $"{deadlocks} deadlocks");
        return findings.Conclude(
            "Replicas: many users in random order",
            string.Create(CultureInfo.InvariantCulture, $"{Users} users, {answers.Count} requests, {harness.Fleet.Size} gateways, {deadlocks} deadlocks"),
            "none");
    }

    private async Task RoundAsync(Payer[] payers, ConcurrentQueue<Reply> answers)
    {
        var order = Enumerable.Repeat(payers, RequestsEach).SelectMany(each => each).ToArray();
        Random.Shared.Shuffle(order);
        await Parallel.ForEachAsync(order, new ParallelOptions { MaxDegreeOfParallelism = Lanes }, async (payer, _) =>
            answers.Enqueue(await harness.Sender.SendUntilDecidedAsync(harness.Fleet.Any()!, payer, Manner.Native)));
    }
}
