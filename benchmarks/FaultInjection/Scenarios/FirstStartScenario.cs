using System.Globalization;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;
using AiGateway.Testing;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>Several gateways start at once on an empty database. One creates the schema and the administrator, and all of them serve.</summary>
internal sealed class FirstStartScenario(PostgresServer server)
{
    public const int Gateways = 4;

    /// <param name="first">A harness whose gateways were started in this way.</param>
    /// <param name="length">The time for further databases.</param>
    public async Task<Verdict> RunAsync(FaultHarness first, TimeSpan length)
    {
        var findings = new Findings();
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var databases = 1;
        await CheckAsync(first, findings);
        while (TimeProvider.System.GetUtcNow() < deadline)
        {
            databases++;
            try
            {
                await using var harness = await FaultHarness.OnPostgresAsync(server, Gateways);
                await CheckAsync(harness, findings);
            }
            catch (InvalidOperationException failure)
            {
                findings.Violate(failure.Message);
            }
        }

        return findings.Conclude(
            "Replicas: first start of all at once",
            string.Create(CultureInfo.InvariantCulture, $"{databases} empty databases, {Gateways} gateways each"),
            "none");
    }

    private static async Task CheckAsync(FaultHarness harness, Findings findings)
    {
        var users = await harness.Ledger.CountAsync("SELECT count(*) FROM users");
        var keys = await harness.Ledger.CountAsync("SELECT count(*) FROM api_keys");
        findings.Expect(users == 1 && keys == 1, $"{users} users and {keys} keys after the first start");
        var payer = await harness.Administrator.AddPayerAsync();
        for (var place = 0; place < harness.Fleet.Size; place++)
        {
            var answer = await harness.Sender.SendAsync(harness.Fleet.At(place)!, payer, harness.Sender.NextName(), Manner.Native);
            findings.Expect(answer is { Status: 200, IsWhole: true }, $"gateway {place} answered {answer.Status} {answer.Code}");
        }
    }
}
