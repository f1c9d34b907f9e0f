using AiGateway.Domain;

namespace AiGateway.Api.Contracts;

/// <summary>The models of this gateway.</summary>
/// <param name="Items">Each model of each configured provider; retired ones last.</param>
public sealed record ModelListResponse(IReadOnlyList<ModelResponse> Items);

/// <summary>A model as one provider serves it.</summary>
/// <param name="Model">Its name in requests.</param>
/// <param name="Provider">The provider.</param>
/// <param name="ContextWindow">Input and output tokens together that one call may hold.</param>
/// <param name="MaxOutputTokens">Most output tokens of one choice.</param>
/// <param name="Capabilities">Its capabilities.</param>
/// <param name="Prices">Today's prices.</param>
/// <param name="RetiredOn">First UTC day on which the provider no longer serves it; null: unknown.</param>
/// <param name="Retired">Whether the provider has switched it off; requests for it get 404.</param>
/// <param name="Successor">The replacement that the provider names.</param>
public sealed record ModelResponse(
    string Model,
    string Provider,
    long ContextWindow,
    long MaxOutputTokens,
    ModelCapabilities Capabilities,
    ModelPricesResponse Prices,
    DateOnly? RetiredOn,
    bool Retired,
    string? Successor);

/// <summary>Dollars per million tokens.</summary>
/// <param name="EffectiveFrom">First UTC day of these prices.</param>
/// <param name="InputUsdPerMillion">Ordinary input tokens.</param>
/// <param name="CachedInputUsdPerMillion">Input tokens read from the provider's cache; null: as ordinary ones.</param>
/// <param name="CacheWriteUsdPerMillion">Input tokens written to the provider's cache; null: as ordinary ones.</param>
/// <param name="OutputUsdPerMillion">Output tokens.</param>
/// <param name="LongContextAboveTokens">A request with more input tokens is billed whole at the long-context factors; null: never.</param>
/// <param name="LongContextInputPercent">Factor on input prices of a long request, in percent.</param>
/// <param name="LongContextOutputPercent">Factor on the output price of a long request, in percent.</param>
/// <param name="FlexPercent">Factor on everything in the flex tier, in percent.</param>
/// <param name="PriorityPercent">Factor on everything in the priority tier, in percent.</param>
public sealed record ModelPricesResponse(
    DateOnly EffectiveFrom,
    decimal InputUsdPerMillion,
    decimal? CachedInputUsdPerMillion,
    decimal? CacheWriteUsdPerMillion,
    decimal OutputUsdPerMillion,
    long? LongContextAboveTokens,
    int LongContextInputPercent,
    int LongContextOutputPercent,
    int FlexPercent,
    int PriorityPercent);

/// <summary>The model and provider for your requests that do not name one.</summary>
public sealed record PreferenceContract
{
    /// <summary>The model; null: the configured default.</summary>
    public string? Model { get; init; }

    /// <summary>The provider; null: the configured order.</summary>
    public string? Provider { get; init; }
}
