using System.Globalization;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// Gateways killed as a power failure would, one after the other, under load, and started again. Every request that the
/// provider saw is charged once: settled, or expired at its worst case. One that was killed between hold and call is
/// expired too, since nobody can know that the provider did not see it.
/// </summary>
internal sealed class CrashScenario(FaultHarness harness)
{
    private const int Lanes = 16;

    public async Task<Verdict> RunAsync(TimeSpan length, int leastKills)
    {
        var findings = new Findings();
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var payers = new[] { await harness.Administrator.AddPayerAsync(spend: 1_000_000), await AddTightPayerAsync() };
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

                // A budget that is spent while gateways die, again and again.
                Volatile.Write(ref payers[1], await AddTightPayerAsync());
            }

            await load.StopAsync();
            samples = sampler.Samples;
        }

        var reckoning = new InvariantCheck(harness, load.Answers);
        await reckoning.CloseAsync(findings);
        foreach (var answer in load.Answers.Where(answer => answer is { Status: not (0 or 200), IsOverLimit: false, IsUnavailable: false }))
            findings.Violate($"{answer.Name} was answered {answer.Status} {answer.Code}");
        return findings.Conclude(
            $"Crash: kill -9, {harness.Ledger.Kind}",
            string.Create(CultureInfo.InvariantCulture, $"{harness.Fleet.Size} gateways, {Lanes} lanes, {load.Answers.Count} requests, {harness.Provider.Served.Count} forwarded, {load.Answers.Count(answer => answer.IsUnavailable)} refused because the ledger was unavailable; {reckoning.Settled} settled, {reckoning.Expired} expired ({reckoning.ExpiredUnseen} before the call), {samples} states sampled"),
            string.Create(CultureInfo.InvariantCulture, $"{kills} kills"));
    }

    private async Task<Payer> AddTightPayerAsync() =>
        await harness.Administrator.AddPayerAsync(spend: await harness.Administrator.BudgetAsync(30.5m));
}
