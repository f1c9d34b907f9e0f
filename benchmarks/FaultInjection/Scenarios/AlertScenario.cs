using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;
using AiGateway.Testing;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// Budgets reach 80 % while gateways are killed, one after the other, and started again. The receiver gets one event for each
/// budget. A gateway that is killed between the request and the note that it was taken makes another attempt necessary, which has the
/// same id and body.
/// </summary>
internal sealed class AlertScenario(FaultHarness harness)
{
    private const int Payers = 5;
    private const int Lanes = 8;
    private const int Requests = 100;
    private const int Percent = 80;

    // The lease of an attempt, and a few looks of the sender.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<Verdict> RunAsync(TimeSpan length, int leastKills)
    {
        var findings = new Findings();
        await using var receiver = await ScriptedProvider.StartAsync((_, _) => Task.CompletedTask);
        var secret = await harness.Administrator.AddWebhookAsync(receiver.Address);
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var (kills, alerted) = (0, 0);
        do
        {
            var payers = new List<Payer>();
            for (var i = 0; i < Payers; i++)
            {
                payers.Add(await harness.Administrator.AddPayerAsync());
                await harness.Administrator.AlertAsync(payers[i], Requests, Percent);
            }

            kills += await UseUpAsync(payers, leastKills);
            if (!await SettledAsync()) findings.Violate($"after {Patience} deliveries were still pending");
            foreach (var payer in payers) Check(findings, receiver, payer, secret);
            alerted += payers.Count;
        }
        while (TimeProvider.System.GetUtcNow() < deadline);

        var attempts = await harness.Ledger.CountAsync("SELECT coalesce(sum(attempts), 0) FROM webhook_deliveries");
        if (receiver.Seen.Count > attempts) findings.Violate($"{receiver.Seen.Count} requests arrived by {attempts} attempts");
        return findings.Conclude(
            "Alerts: kill -9",
            string.Create(CultureInfo.InvariantCulture, $"{harness.Fleet.Size} gateways, {Lanes} lanes, {alerted} budgets at {Percent} %, {receiver.Seen.Count} requests to the receiver, {attempts} attempts"),
            string.Create(CultureInfo.InvariantCulture, $"{kills} kills"));
    }

    /// <summary>Uses up the budgets while gateways are killed; returns how often one was.</summary>
    private async Task<int> UseUpAsync(List<Payer> payers, int leastKills)
    {
        var kills = 0;
        await using var load = Load.Start(harness, Lanes, () => payers[Random.Shared.Next(payers.Count)]);
        while (kills < leastKills || await AlertsOfAsync(payers) < payers.Count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(100, 600)), TimeProvider.System);
            var place = Random.Shared.Next(harness.Fleet.Size);
            await harness.Fleet.KillAsync(place);
            kills++;
            await harness.Fleet.StartAsync(place);
        }

        return kills;
    }

    private async Task<long> AlertsOfAsync(List<Payer> payers) => await harness.Ledger.CountAsync(
        $"SELECT count(*) FROM alerts WHERE scope_id IN ({string.Join(", ", payers.Select(payer => $"'{payer.UserId}'"))})");

    /// <summary>Waits until every alert is delivered; false: not in time.</summary>
    private async Task<bool> SettledAsync()
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (await harness.Ledger.CountAsync(
            "SELECT (SELECT count(*) FROM alerts WHERE queued_at IS NULL) + (SELECT count(*) FROM webhook_deliveries WHERE status = 0)") > 0)
        {
            if (TimeProvider.System.GetElapsedTime(startedAt) > Patience) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        return true;
    }

    private static void Check(Findings findings, ScriptedProvider receiver, Payer payer, string secret)
    {
        var seen = receiver.Seen.Where(request => JsonElement.Parse(request.Body).GetProperty("scope").GetProperty("id").GetGuid() == payer.UserId).ToList();
        var events = seen.Select(request => (request.Headers["x-aigateway-event-id"], request.Body)).Distinct().Count();
        if (events != 1) findings.Violate($"{events} events for the budget of user {payer.UserId}");
        foreach (var request in seen.Where(request => !IsSigned(request, secret))) findings.Violate($"the signature of {request.Headers["x-aigateway-event-id"]} is wrong");
    }

    private static bool IsSigned(SeenRequest request, string secret)
    {
        var parts = request.Headers["x-aigateway-signature"].Split(',');
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{parts[0]["t=".Length..]}.{request.Body}"));
        return parts[1] == $"v1={Convert.ToHexStringLower(signed)}";
    }
}
