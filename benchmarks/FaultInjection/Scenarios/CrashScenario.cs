using System.Globalization;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// Gateways are killed under load, one after the other, as by a power failure, and started again. Every request that reached the provider
/// is charged once: settled, or expired at its maximum cost. A request that was killed between hold and call also expires, because the
/// ledger cannot know that the provider did not get it.
/// </summary>
internal sealed class CrashScenario(FaultHarness harness)
{
    private const int Lanes = 16;

    public async Task<Verdict> RunAsync(TimeSpan length, int leastKills)
    {
        var findings = new Findings();
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var organisation = await harness.Administrator.AddOrganisationAsync(new Allowance("spend", 1_000_000), new Allowance("concurrent", 1_000_000));
        var team = await harness.Administrator.AddTeamAsync(organisation, new Allowance("tokens", 1_000_000_000));
        var payers = new[] { await harness.Administrator.AddPayerAsync(spend: 1_000_000, teamId: team), await AddTightPayerAsync(organisation) };
        var kills = 0;
        await using var load = Load.Start(harness, Lanes, () => Volatile.Read(ref payers[Random.Shared.Next(4) == 0 ? 1 : 0]));
        int samples;
        await using (var sampler = Sampler.Start(harness.Ledger, findings))
        {
            while (kills < leastKills || TimeProvider.System.GetUtcNow() < deadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(300, 1500)), TimeProvider.System);
                var place = Random.Shared.Next(harness.Fleet.Size);
                await harness.Fleet.KillAsync(place);
                kills++;
                await harness.Fleet.StartAsync(place);

                // A small budget is used up again and again while gateways are killed.
                Volatile.Write(ref payers[1], await AddTightPayerAsync(organisation));
            }

            await load.StopAsync();
            samples = sampler.Samples;
        }

        var check = new InvariantCheck(harness, load.Answers);
        await check.CloseAsync(findings);
        foreach (var answer in load.Answers.Where(answer => answer is { Status: not (0 or 200), IsOverLimit: false, IsUnavailable: false }))
            findings.Violate($"{answer.Name} was answered {answer.Status} {answer.Code}");
        return findings.Conclude(
            $"Crash: kill -9, {harness.Ledger.Kind}",
            string.Create(CultureInfo.InvariantCulture, $"{harness.Fleet.Size} gateways, {Lanes} lanes, {load.Answers.Count} requests, {harness.Provider.Served.Count} forwarded, {load.Answers.Count(answer => answer.IsUnavailable)} refused because the ledger was unavailable; {check.Settled} settled, {check.Expired} expired ({check.ExpiredUnseen} before the call), {samples} states sampled"),
            string.Create(CultureInfo.InvariantCulture, $"{kills} kills"));
    }

    private async Task<Payer> AddTightPayerAsync(Guid organisation)
    {
        var budget = new Allowance("spend", await harness.Administrator.BudgetAsync(30.5m));
        return await harness.Administrator.AddMemberAsync(await harness.Administrator.AddTeamAsync(organisation, budget));
    }
}
