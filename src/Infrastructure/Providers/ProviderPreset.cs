using System.Collections.Frozen;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers;

/// <summary>What is known of a vendor or a kind of server, so an operator need not say it. Sources: docs/providers.md.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="BaseUrl">Its address for OpenAI's wire, version included; null: the operator gives it.</param>
internal sealed record ProviderPreset(string Name, string? BaseUrl)
{
    private const string Local = "http://127.0.0.1";

    private static readonly FrozenSet<ModelOperation> WithoutResponses = [ModelOperation.Chat, ModelOperation.Embeddings];

    private static readonly FrozenDictionary<string, ProviderPreset> All = new[]
    {
        new ProviderPreset("anthropic", null)
        {
            ChatWire = WireKind.AnthropicMessages,
            AnthropicUrl = "https://api.anthropic.com",
            KeyHeader = "x-api-key",
            RateLimitNamesWait = true,
        },
        new ProviderPreset("openai", "https://api.openai.com/v1") { Profile = OpenAiProfile.OpenAi },
        new ProviderPreset(AzureName, null) { Profile = OpenAiProfile.OpenAi, KeyHeader = "api-key", PricedAs = ["azure-openai", "openai"] },
        new ProviderPreset("openrouter", "https://openrouter.ai/api/v1") { AnthropicUrl = "https://openrouter.ai/api", Profile = new OpenAiProfile { ChargesReportedCost = true } },

        // Unknown members are refused, the newer name of the output limit among them; usage always ends a stream.
        new ProviderPreset("mistral", "https://api.mistral.ai/v1")
        {
            Profile = new OpenAiProfile { OutputLimit = OutputLimitName.MaxTokens, SendsStreamOptions = false, DroppedMembers = ["store"] },
            Operations = WithoutResponses,
        },
        new ProviderPreset("groq", "https://api.groq.com/openai/v1"),
        new ProviderPreset("deepseek", "https://api.deepseek.com") { AnthropicUrl = "https://api.deepseek.com/anthropic", Operations = WithoutResponses },
        new ProviderPreset("xai", "https://api.x.ai/v1"),
        new ProviderPreset("together", "https://api.together.xyz/v1") { Operations = WithoutResponses },
        new ProviderPreset("fireworks", "https://api.fireworks.ai/inference/v1"),
        new ProviderPreset("bedrock", null),
        new ProviderPreset("gemini", "https://generativelanguage.googleapis.com/v1beta/openai")
        {
            Profile = new OpenAiProfile { BillsAbortedCalls = true },
            Operations = WithoutResponses,
        },
        new ProviderPreset("github-models", "https://models.github.ai/inference") { Operations = WithoutResponses },
        OfLocal("ollama", 11434),
        OfLocal("vllm", 8000),
        OfLocal("llamacpp", 8080),
        OfLocal("lmstudio", 1234),
        new ProviderPreset(GenericName, null) { IsLocal = true },
    }.ToFrozenDictionary(preset => preset.Name, StringComparer.Ordinal);

    /// <summary>Azure OpenAI and Foundry.</summary>
    public const string AzureName = "azure";

    /// <summary>Any other server.</summary>
    public const string GenericName = "generic";

    /// <summary>The names, in alphabetical order.</summary>
    public static IEnumerable<string> Names => All.Keys.Order(StringComparer.Ordinal);

    /// <summary>The differences to OpenAI's wire.</summary>
    public OpenAiProfile Profile { get; init; } = OpenAiProfile.Compatible;

    /// <summary>The wire of chat, unless the operator names another.</summary>
    public WireKind ChatWire { get; init; } = WireKind.OpenAiChat;

    /// <summary>Its address for Anthropic's wire, without a version; null: the operator gives it.</summary>
    public string? AnthropicUrl { get; init; }

    /// <inheritdoc cref="ProviderAccount.RateLimitNamesWait"/>
    public bool RateLimitNamesWait { get; init; }

    /// <summary>The kinds of requests that it serves.</summary>
    public IReadOnlySet<ModelOperation> Operations { get; init; } = ProviderAccount.AllOperations;

    /// <summary>The header of a key; of <c>Authorization</c> the key is a bearer token.</summary>
    public string KeyHeader { get; init; } = "Authorization";

    /// <summary>The sellers in the price book; empty: the seller of the preset's name.</summary>
    public IReadOnlyList<string> PricedAs { get; init; } = [];

    /// <summary>Whether it is a server of the operator's own: it may need no key, and its prices stand under the provider's name.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The preset of this name; null when there is none.</summary>
    public static ProviderPreset? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>Its address for a wire; null: the operator gives it.</summary>
    public string? UrlFor(WireKind wire) => wire == WireKind.AnthropicMessages ? AnthropicUrl : BaseUrl;

    /// <summary>The sellers whose prices apply to a provider of this name.</summary>
    public IReadOnlyList<string> SellersFor(string provider) => PricedAs.Count > 0 ? PricedAs : [IsLocal ? provider : Name];

    private static ProviderPreset OfLocal(string name, int port) => new(name, $"{Local}:{port}/v1") { AnthropicUrl = $"{Local}:{port}", IsLocal = true };
}
