using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.Anthropic;
using AiGateway.Infrastructure.Providers.Credentials;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.Anthropic;

/// <summary>The real adapter, connected to a server with Anthropic's wire over a real socket.</summary>
internal sealed class AnthropicWire : IAsyncDisposable
{
    public const string ApiKey = "sk-ant-CANARY-0123456789";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private AnthropicWire(ScriptedProvider provider, AnthropicModelAdapter adapter) => (Provider, Adapter) = (provider, adapter);

    public ScriptedProvider Provider { get; }

    public AnthropicModelAdapter Adapter { get; }

    /// <param name="answers">The script of the server.</param>
    public static Task<AnthropicWire> StartAsync(params Answer[] answers) => StartAsync(account => account, answers);

    /// <param name="change">Changes the account.</param>
    /// <param name="answers">The script of the server.</param>
    public static async Task<AnthropicWire> StartAsync(Func<ProviderAccount, ProviderAccount> change, params Answer[] answers)
    {
        var provider = await ScriptedProvider.StartAsync(answers);
        var account = new ProviderAccount
        {
            Name = "anthropic",
            BaseUrl = provider.Address,
            Credential = new FixedKey(ApiKey) { Header = "x-api-key" },
            ChatWire = Application.Requests.WireKind.AnthropicMessages,
            RateLimitNamesWait = true,
            Operations = ProviderAccount.ChatAlone,
            PricedAs = ["anthropic"],
            Settings = new ProviderSettings { MaxRetries = 0 },
        };
        return new AnthropicWire(provider, Connect(change(account), new FixedPrices(), new WordTokens()));
    }

    public static AnthropicModelAdapter Connect(ProviderAccount account, IPriceBook prices, ITokenCounter tokens) =>
        new(new AnthropicConnection(account), prices, tokens, TimeProvider.System, new CapturedLog<AnthropicModelAdapter>());

    public Task<ModelReply> AskAsync(ModelCall? call = null) =>
        Adapter.GenerateAsync(call ?? TestCall.Of(), CancellationToken.None).WaitAsync(Patience);

    /// <summary>The failure that the call must end with.</summary>
    public async Task<ProviderException> FailAsync(ModelCall? call = null)
    {
        try
        {
            await AskAsync(call);
        }
        catch (ProviderException failure)
        {
            return failure;
        }

        throw new AssertionException("The call succeeded.");
    }

    public async ValueTask DisposeAsync()
    {
        Adapter.Dispose();
        await Provider.DisposeAsync();
    }
}
