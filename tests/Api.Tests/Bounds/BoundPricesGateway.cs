using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>A gateway with the prices of <see cref="BoundPrices"/>, and methods for its tests.</summary>
internal sealed class BoundPricesGateway : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    public GatewayHost Gateway { get; private set; } = null!;

    public static async Task<BoundPricesGateway> StartAsync(params (string Name, string Value)[] settings)
    {
        var stage = new BoundPricesGateway();
        var prices = stage._folder.Write("bounds.json", BoundPrices.Json);
        stage.Gateway = await GatewayHost.StartAsync(
            time: null, [("AI_GATEWAY_PRICES", prices), ("OPENAI_MODEL", BoundPrices.Known), .. settings]);
        return stage;
    }

    /// <summary>Creates a caller whose spend limit pays for this many tokens.</summary>
    public async Task<TestUser> CreateUserAsync(long tokens)
    {
        var user = await Gateway.CreateUserAsync();
        await Gateway.Admin.SetQuotaAsync(user.Id, spend: tokens * BoundPrices.TokenUsd);
        return user;
    }

    /// <summary>The tokens that the caller's requests have cost or hold.</summary>
    public static async Task<decimal> TokensSpentAsync(GatewayClient caller)
    {
        var spend = (await caller.QuotaAsync()).GetProperty("monthlySpendUsd");
        return (spend.GetProperty("used").GetDecimal() + spend.GetProperty("held").GetDecimal()) / BoundPrices.TokenUsd;
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        _folder.Dispose();
    }
}
