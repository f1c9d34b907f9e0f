using AiGateway.Conformance.Tests.Hosting;

namespace AiGateway.Conformance.Tests.Messages;

/// <summary>The stand-in as a provider of Anthropic's wire, and the gateway before it.</summary>
internal sealed class MessagesGateway(StandInGateway stage) : IAsyncDisposable
{
    private const string ProviderKey = "sk-the-gateways-own-key";

    public StandInGateway Inner => stage;

    /// <summary>What a client of Anthropic is given to call the gateway: the address without a version.</summary>
    public ApiTarget Gateway => new(new Uri(stage.Gateway.BaseUrl, "/"), StandInGateway.AdminKey);

    /// <summary>What it is given to call the stand-in itself.</summary>
    public ApiTarget Direct => new(stage.StandIn.Address, ProviderKey);

    public static async Task<MessagesGateway> StartAsync(params (string Name, string Value)[] settings)
    {
        var made = await StandInGateway.StartWithAsync(
            _ => { },
            standIn =>
            [
                ("Providers:0:Name", "anthropic"), ("Providers:0:Preset", "anthropic"), ("Providers:0:BaseUrl", standIn.Address.AbsoluteUri.TrimEnd('/')),
                ("Providers:0:ApiKey", ProviderKey),

                // The account at OpenAI would serve every model of the price file, too.
                ("AI_GATEWAY_PROVIDER_ORDER", "anthropic,openai"), ("AI_GATEWAY_PROVIDER_FALLBACK", "false"), .. settings,
            ]);
        return new MessagesGateway(made);
    }

    public ValueTask DisposeAsync() => stage.DisposeAsync();
}
