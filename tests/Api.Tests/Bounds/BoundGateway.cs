using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>
/// A gateway whose model costs one dollar a million input tokens and nothing else. The amount of a hold therefore shows its tokens.
/// </summary>
internal sealed class BoundGateway : IAsyncDisposable
{
    public const string Model = "gpt-5-round";
    public const long Window = 1_000_000;

    /// <summary>The maximum tokens of an image when the model's own rule is unknown.</summary>
    public const long Image = 12_000;

    private const string Prices = """
        {"models": [
          {"model": "gpt-5-round", "provider": "openai", "contextWindow": 1000000, "maxOutputTokens": 4000, "capabilities": ["chat", "tools", "vision"],
           "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "0", "free": true}]},
          {"model": "gpt-5-other", "provider": "openai", "contextWindow": 1000000, "maxOutputTokens": 4000, "capabilities": ["chat", "tools", "vision"],
           "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "0", "free": true}]},
          {"model": "text-embedding-round", "provider": "openai", "contextWindow": 8000, "maxOutputTokens": 0, "capabilities": ["embeddings"],
           "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "0"}]}
        ]}
        """;

    private readonly TempFolder _folder;

    private BoundGateway(TempFolder folder, GatewayHost gateway, TestUser user) => (_folder, Gateway, User) = (folder, gateway, user);

    public GatewayHost Gateway { get; }

    public TestUser User { get; }

    public GatewayClient Caller => User.Caller;

    public static Task<BoundGateway> StartAsync(params (string Name, string Value)[] settings) => StartAsync(Prices, _ => { }, settings);

    public static Task<BoundGateway> StartAtPricesAsync(string prices, params (string Name, string Value)[] settings) => StartAsync(prices, _ => { }, settings);

    /// <param name="change">Changes the services that the product registered.</param>
    public static Task<BoundGateway> StartChangedAsync(Action<IServiceCollection> change) => StartAsync(Prices, change);

    private static async Task<BoundGateway> StartAsync(string prices, Action<IServiceCollection> change, params (string Name, string Value)[] settings)
    {
        var folder = new TempFolder();
        var gateway = await GatewayHost.StartChangedAsync(
            change, [("AI_GATEWAY_PRICES", folder.Write("prices.json", prices)), ("OPENAI_MODEL", "gpt-6-luna"), .. settings]);
        return new BoundGateway(folder, gateway, await gateway.CreateUserAsync());
    }

    /// <summary>
    /// Posts a body that must pass, and returns the prompt tokens held for it. It must reach the provider unchanged, except for its output
    /// limit.
    /// </summary>
    public async Task<long> HeldForAsync(string path, string body)
    {
        Gateway.Provider.Reset(Answers.Completion());
        var reply = (await Caller.PostAsync(path, body)).Expect(200);
        Assert.That(MembersOf(Gateway.Provider.Seen.Single().Body), Is.EqualTo(MembersOf(body)));
        return await HeldForAsync(reply);
    }

    /// <summary>The prompt tokens that were held for a request.</summary>
    public async Task<long> HeldForAsync(Reply reply)
    {
        var records = await Caller.UsageAsync("?limit=5");
        var record = records.Single(each => each.GetProperty("id").GetGuid() == reply.RequestId);
        return (long)(record.GetProperty("heldUsd").GetDecimal() * 1_000_000m);
    }

    /// <summary>Posts a body that must be refused before it reaches the provider, and returns the error.</summary>
    public async Task<JsonElement> RefusedAsync(string path, string body, int status = 400, GatewayClient? by = null)
    {
        Gateway.Provider.Reset(Answers.Completion());
        var reply = (await (by ?? Caller).PostAsync(path, body)).Expect(status);
        Assert.That(Gateway.Provider.Seen, Is.Empty);
        return reply.Json.GetProperty("error");
    }

    private static string[] MembersOf(string body) =>
    [
        .. JsonElement.Parse(body).EnumerateObject()
            .Where(member => !member.Name.StartsWith("max_", StringComparison.Ordinal))
            .Select(member => $"{member.Name}: {member.Value.GetRawText()}").Order(StringComparer.Ordinal),
    ];

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        _folder.Dispose();
    }
}
