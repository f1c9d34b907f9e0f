using System.Globalization;
using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection.Scenarios;

/// <summary>
/// Some callers try to exhaust the gateway's memory while another caller sends plain and streamed requests. The gateway must survive, serve
/// the other caller, and lose none of its charges.
/// </summary>
internal sealed class AttackScenario(FaultHarness harness)
{
    /// <summary>1.5 GiB, which is the heap of .NET in a container of 2 GiB.</summary>
    public const string HeapLimit = "0x60000000";

    private const int Lanes = 4;
    private const int Mebibyte = 1024 * 1024;
    private const long LargestReply = 20_000;

    private static readonly (string Path, string Body, string Member, int Count)[] Faulty =
    [
        ("/api/v1/ai/generate", """{"messages":[#]}""", "{}", 20_000),
        ("/api/v1/ai/generate", """{"messages":[#]}""", "{}", 200_000),
        ("/api/v1/ai/generate", """{"messages":[#]}""", "{}", 2_700_000),
        ("/api/v1/ai/estimate", """{"messages":[#]}""", "{}", 2_700_000),
        ("/api/v1/ai/generate", """{"prompt":"Hi","options":{"stop":[#]}}""", "\"\"", 2_700_000),
        ("/v1/chat/completions", """{"messages":[#]}""", "1", 4_000_000),
        ("/v1/responses", """{"input":"Hi","tools":[#]}""", "1", 4_000_000),
        ("/v1/embeddings", """{"model":"text-embedding-3-small","input":[#]}""", "{}", 2_700_000),
    ];

    public async Task<Verdict> RunAsync(TimeSpan length)
    {
        var findings = new Findings();
        var gateway = harness.Fleet.Any()!;
        var deadline = TimeProvider.System.GetUtcNow() + length;
        var neighbour = await harness.Administrator.AddPayerAsync();
        var penniless = await harness.Administrator.AddPayerAsync(daily: 0, spend: 0);
        var attackers = new List<Payer>();
        for (var i = 0; i < 8; i++) attackers.Add(await harness.Administrator.AddPayerAsync());
        using var attacker = new Attacker();
        await using var load = Load.Start(harness, Lanes, () => neighbour, () => gateway);
        var rounds = 0;
        do
        {
            rounds++;
            await attacker.WithholdAsync(gateway, [penniless], 200, 8 * Mebibyte);
            await attacker.WithholdAsync(gateway, attackers[..1], 200, 8 * Mebibyte);
            await attacker.WithholdAsync(gateway, attackers, 40, 31 * Mebibyte);
            foreach (var (path, body, member, count) in Faulty)
                await Task.WhenAll(attackers[..4].Select(each => attacker.PostAsync(gateway, each, path, body, member, count)));
        }
        while (TimeProvider.System.GetUtcNow() < deadline);
        await load.StopAsync();

        var memory = harness.Fleet.PeakMemoryMebibytes(0);
        findings.Expect(memory is not null, "the gateway died");
        findings.Expect(attacker.LargestReply < LargestReply, $"a reply to faults has {attacker.LargestReply} bytes");
        foreach (var answer in load.Answers.Where(answer => answer is not { Status: 200, IsWhole: true }))
            findings.Violate($"{answer.Name} of another caller was answered {answer.Status} {answer.Code}");
        var check = new InvariantCheck(harness, load.Answers);
        if (memory is not null) await check.CloseAsync(findings);
        findings.Expect(check.Expired == 0, $"{check.Expired} requests of another caller are charged as lost");
        return findings.Conclude(
            "Attack: one caller's bodies, another caller's calls",
            string.Create(CultureInfo.InvariantCulture, $"heap of 1.5 GiB, {load.Answers.Count} requests and streams of another caller, the slowest {load.Answers.Max(answer => answer.Took).TotalSeconds:0.0} s; peak memory {memory} MiB"),
            string.Create(CultureInfo.InvariantCulture, $"{rounds} x (400 bodies of 8 MiB and 40 of 31 MiB without their last bytes, 32 bodies of 20,000 to 4,000,000 faults): {attacker.Outcomes}; largest reply to faults {attacker.LargestReply} bytes"));
    }
}
