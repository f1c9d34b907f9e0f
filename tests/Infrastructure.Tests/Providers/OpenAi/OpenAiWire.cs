using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration.Providers;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.OpenAi;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

/// <summary>The real adapter, connected to a scripted provider over a real socket.</summary>
internal sealed class OpenAiWire : IAsyncDisposable
{
    public const string ApiKey = "sk-CANARY-0123456789abcdef";

    // A call that never ends fails the test instead of blocking it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScriptedProvider? _provider;

    private OpenAiWire(ScriptedProvider? provider, OpenAiModelAdapter adapter, CapturedLog<OpenAiModelAdapter> log) =>
        (_provider, Adapter, Log) = (provider, adapter, log);

    public ScriptedProvider Provider => _provider!;

    public OpenAiModelAdapter Adapter { get; }

    public CapturedLog<OpenAiModelAdapter> Log { get; }

    public static Task<OpenAiWire> StartAsync(params Answer[] answers) => StartAsync(new ProviderSettings(), TimeProvider.System, answers);

    public static async Task<OpenAiWire> StartAsync(ProviderSettings settings, TimeProvider time, params Answer[] answers)
    {
        var provider = await ScriptedProvider.StartAsync(answers);
        var (adapter, log) = Connect(ProviderShorthand.OfOpenAi(new Uri(provider.Address, "v1"), ApiKey, settings), time);
        return new OpenAiWire(provider, adapter, log);
    }

    /// <summary>Connects to a provider that the test has started.</summary>
    public static OpenAiWire At(Uri address, ProviderSettings settings)
    {
        var (adapter, log) = Connect(ProviderShorthand.OfOpenAi(address, ApiKey, settings), TimeProvider.System);
        return new OpenAiWire(null, adapter, log);
    }

    public static (OpenAiModelAdapter Adapter, CapturedLog<OpenAiModelAdapter> Log) Connect(ProviderAccount account, TimeProvider time)
    {
        var log = new CapturedLog<OpenAiModelAdapter>();
        return (new OpenAiModelAdapter(new OpenAiClientConnection(account), new FixedPrices(), new WordTokens(), time, log), log);
    }

    public Task<ModelReply> AskAsync(ModelCall? call = null) =>
        Adapter.GenerateAsync(call ?? TestCall.Of(), CancellationToken.None).WaitAsync(Patience);

    /// <summary>The failure in which the call must end.</summary>
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
        if (_provider is not null) await _provider.DisposeAsync();
    }
}
