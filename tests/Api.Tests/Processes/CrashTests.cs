using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Processes;

/// <summary>What the ledger contains after a gateway was killed while it served requests.</summary>
internal sealed class CrashTests
{
    private TempFolder _folder = null!;
    private ScriptedProvider _provider = null!;

    [SetUp]
    public async Task StartAsync() => (_folder, _provider) = (new TempFolder(), await ScriptedProvider.StartAsync(Answers.Completion()));

    [TearDown]
    public async Task StopAsync()
    {
        await _provider.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Gateway_WhenKilledUnderLoad_HasEveryForwardedRequestInTheLedgerOnce()
    {
        var hanging = new TaskCompletionSource();
        var count = 0;

        // Every third request is under way when the gateway is killed.
        _provider.Answer = (request, http) =>
            (Interlocked.Increment(ref count) % 3 == 0 ? Answers.After(hanging.Task, Answers.Completion()) : Answers.Completion())(request, http);
        var first = await ServeAsync();
        var caller = first.Caller(GatewayHost.AdminKey);
        await caller.SetQuotaAsync(GatewayHost.AdminId);
        using var enough = new CancellationTokenSource();
        var load = Enumerable.Range(0, 16).Select(lane => SendUntilItFailsAsync(caller, lane, enough.Token)).ToArray();
        await _provider.ArrivalsAsync(40);

        await first.KillAsync();
        await enough.CancelAsync();
        await Task.WhenAll(load);
        hanging.SetResult();
        await first.DisposeAsync();

        await using var second = await ServeAsync();
        var admin = second.Caller(GatewayHost.AdminKey);
        await Eventually.GetAsync(() => admin.VerifyAsync(), ledger => ledger.GetProperty("held").GetInt64() == 0);
        var recorded = await ReadAllUsersAsync(admin);
        var forwarded = _provider.Seen.Select(seen => JsonNode.Parse(seen.Body)!["user"]!.GetValue<string>()).ToArray();
        Assert.That(forwarded, Is.Unique.And.Length.AtLeast(40));
        Assert.That(recorded.Keys, Is.SupersetOf(forwarded), "each request that reached the provider has a usage record");
        Assert.That(forwarded.Select(name => recorded[name].Length), Is.All.EqualTo(1));
        Assert.That(recorded.Values.Select(rows => rows[0].GetProperty("status").GetString()), Has.Some.EqualTo("expired").And.None.EqualTo("held"));
        var expired = recorded.Values.Select(rows => rows[0]).First(row => row.GetProperty("status").GetString() == "expired");
        Assert.That(expired.GetProperty("costUsd").GetDecimal(), Is.EqualTo(expired.GetProperty("heldUsd").GetDecimal()).And.GreaterThan(0));
        Assert.That(expired.GetProperty("usageSource").GetString(), Is.EqualTo("held"));
    }

    private static async Task SendUntilItFailsAsync(GatewayClient caller, int lane, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            try
            {
                await caller.GenerateAsync(new { prompt = "Hi", user = $"{lane}-{i}" });
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static async Task<Dictionary<string, JsonElement[]>> ReadAllUsersAsync(GatewayClient caller)
    {
        var rows = new List<JsonElement>();
        for (string? next = ""; next is not null;)
        {
            var page = (await caller.GetAsync($"/api/v1/ai/usage?limit=200&next={next}")).Expect(200).Json;
            rows.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }

        return rows.GroupBy(row => row.GetProperty("user").GetString()!).ToDictionary(group => group.Key, group => group.ToArray());
    }

    private Task<GatewayProcess> ServeAsync() => GatewayProcess.ServeAsync(
        _folder.Path,
        ("OPENAI_API_KEY", GatewayHost.ProviderKey),
        ("OPENAI_BASE_URL", $"{_provider.Address}v1"),
        ("OPENAI_MODEL", TestPrices.Model),
        ("AI_GATEWAY_PRICES", _folder.Write("prices.json", TestPrices.Json)),
        ("AI_GATEWAY_BOOTSTRAP_KEY", GatewayHost.AdminKey),
        ("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "100000"),
        ("AI_GATEWAY_MAX_RETRIES", "0"),
        ("AI_GATEWAY_CHECK_INTERVAL", "0"),
        ("AI_GATEWAY_HOLD_LEASE", "2000"));
}
