using System.Collections.Frozen;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Credentials;

namespace AiGateway.Infrastructure.Providers;

/// <summary>The gateway's account at a vendor or a server, as configured.</summary>
public sealed record ProviderAccount
{
    /// <summary>Chat completions, responses and embeddings.</summary>
    public static readonly IReadOnlySet<ModelOperation> AllOperations = Enum.GetValues<ModelOperation>().ToFrozenSet();

    /// <summary>Chat alone.</summary>
    public static readonly IReadOnlySet<ModelOperation> ChatAlone = new[] { ModelOperation.Chat }.ToFrozenSet();

    /// <summary>Its name in requests and usage records: lower-case letters, digits and hyphens; unique.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Address of the API including the version; for Azure's dated API, of the resource; for Anthropic's wire, without the
    /// version.
    /// </summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>How the gateway authenticates.</summary>
    public required ProviderCredential Credential { get; init; }

    /// <summary>The wire of chat: <see cref="WireKind.OpenAiChat"/>, the default, or <see cref="WireKind.AnthropicMessages"/>.</summary>
    public WireKind ChatWire { get; init; } = WireKind.OpenAiChat;

    /// <summary>
    /// Whether the provider names a wait with every rate limit, as Anthropic does: 429 without one then means that the account
    /// has no money left; default: false.
    /// </summary>
    public bool RateLimitNamesWait { get; init; }

    /// <summary>The differences to OpenAI's wire.</summary>
    public OpenAiProfile Profile { get; init; } = OpenAiProfile.Compatible;

    /// <summary>
    /// The version of Azure's dated API, such as <c>2024-10-21</c>, whose addresses name deployments; null: an API without
    /// one.
    /// </summary>
    public string? AzureApiVersion { get; init; }

    /// <summary>The kinds of requests that it serves; default: all.</summary>
    public IReadOnlySet<ModelOperation> Operations { get; init; } = AllOperations;

    /// <summary>The organisation at OpenAI (<c>OpenAI-Organization</c>); null: none is sent.</summary>
    public string? Organization { get; init; }

    /// <summary>The project at OpenAI (<c>OpenAI-Project</c>); null: none is sent.</summary>
    public string? Project { get; init; }

    /// <summary>The models that it serves, by their names at the gateway; empty: every model with a price.</summary>
    public IReadOnlyDictionary<string, ProviderModel> Models { get; init; } = new Dictionary<string, ProviderModel>();

    /// <summary>The model or deployment that serves every model; null: each its own.</summary>
    public string? Deployment { get; init; }

    /// <summary>The sellers in the price book whose prices apply, the first one first.</summary>
    public required IReadOnlyList<string> PricedAs { get; init; }

    /// <summary>Whether the price of any other seller applies to a model that those do not sell.</summary>
    public bool IsPricedByAnySeller { get; init; }

    /// <summary>Time-outs and retries.</summary>
    public ProviderSettings Settings { get; init; } = new();

    /// <summary>Most connections at once; null: no bound.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Whether its calls carry the <c>traceparent</c> of the trace, for a server of the operator's own; default: no.</summary>
    public bool SendsTraceparent { get; init; }

    /// <summary>The proxy for its calls; null: as <c>HTTPS_PROXY</c> and <c>NO_PROXY</c> say.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>What was configured, as one text without secrets: an account that did not change keeps its state.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Omits the members, which contain secrets.</summary>
    public override string ToString() => $"{nameof(ProviderAccount)} {Name}";
}

/// <summary>A model of an account.</summary>
/// <param name="Name">Its name at the gateway and in the price book.</param>
/// <param name="Upstream">Its name at the provider.</param>
/// <param name="Timeout">The time limit for a call to it; null: as for the provider.</param>
public sealed record ProviderModel(string Name, string Upstream, TimeSpan? Timeout = null);
