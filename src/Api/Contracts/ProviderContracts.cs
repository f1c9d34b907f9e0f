using AiGateway.Application.Providers;
using AiGateway.Application.Switches;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts;

/// <summary>A change of a provider.</summary>
/// <param name="Enabled">Whether it gets requests; required.</param>
/// <param name="Model">Only this model of it, by its name at the gateway; null: the whole provider.</param>
public sealed record UpdateProviderRequest(bool? Enabled, string? Model = null);

/// <summary>The configured providers.</summary>
/// <param name="Items">The providers, in the order in which they are tried.</param>
public sealed record ProviderListResponse(IReadOnlyList<ProviderResponse> Items);

/// <summary>A provider as it stands at this gateway.</summary>
/// <param name="Name">Its name in requests and usage records.</param>
/// <param name="Enabled">Whether it gets requests.</param>
/// <param name="ModelsOff">Its models that are switched off.</param>
/// <param name="Cooling">Its models that failed and are tried after others for a while.</param>
/// <param name="HasQuota">False after the provider said that the quota of the gateway's account is used up.</param>
/// <param name="RemainingRequests">Requests left at the provider, as of its last answer; null: not told.</param>
/// <param name="RemainingTokens">Tokens left at the provider, as of its last answer; null: not told.</param>
/// <param name="Circuit">The circuit breakers of its models.</param>
/// <param name="LastErrors">Its last failures since the start of this gateway, newest first, 20 at most.</param>
/// <param name="Learned">What its refusals taught the gateway about its requests.</param>
public sealed record ProviderResponse(
    string Name,
    bool Enabled,
    IReadOnlyList<string> ModelsOff,
    IReadOnlyList<CoolingModelResponse> Cooling,
    bool HasQuota,
    long? RemainingRequests,
    long? RemainingTokens,
    CircuitResponse Circuit,
    IReadOnlyList<ProviderErrorResponse> LastErrors,
    IReadOnlyList<string> Learned)
{
    internal static ProviderResponse Of(ConfiguredProvider provider) => new(
        provider.Name,
        provider.Enabled,
        provider.ModelsOff,
        [.. provider.Cooling.Select(CoolingModelResponse.Of)],
        provider.Quota.HasCapacity,
        provider.RateLimit?.RemainingRequests,
        provider.RateLimit?.RemainingTokens,
        CircuitResponse.Of(provider.OpenBreakers),
        [.. provider.LastErrors.Select(ProviderErrorResponse.Of)],
        provider.Learned);
}

/// <summary>The circuit breakers of a provider. Each model has its own.</summary>
/// <param name="State"><c>closed</c>, or <c>open</c> when that of a model is.</param>
/// <param name="Until">When the last refused user may try again; null: closed, or each of them may try now.</param>
/// <param name="Models">The models whose breaker is open.</param>
public sealed record CircuitResponse(string State, DateTimeOffset? Until, IReadOnlyList<OpenBreakerResponse> Models)
{
    internal static CircuitResponse Of(IReadOnlyList<OpenBreaker> open) => new(
        open.Count == 0 ? "closed" : "open",
        open.Max(each => each.Until),
        [.. open.Select(each => new OpenBreakerResponse(each.Model, each.Reason.ToName(), each.Until))]);
}

/// <summary>A model whose circuit breaker is open.</summary>
/// <param name="Model">Its name at the gateway.</param>
/// <param name="Reason">The error code of the failure that opened it.</param>
/// <param name="Until">When the last refused user may try again; null: each of them may try now.</param>
public sealed record OpenBreakerResponse(string Model, string Reason, DateTimeOffset? Until);

/// <summary>A failure of a provider, without its words.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">The error code.</param>
/// <param name="Model">The model's name at the gateway; null: the call concerned no model.</param>
/// <param name="Status">The provider's HTTP status; null: none.</param>
public sealed record ProviderErrorResponse(DateTimeOffset At, string Kind, string? Model, int? Status)
{
    internal static ProviderErrorResponse Of(ProviderError error) =>
        new(error.At, error.Kind.ToName(), error.Model.Length == 0 ? null : error.Model, error.Status);
}

/// <summary>The history of the providers' health.</summary>
/// <param name="Items">The last changes, newest first.</param>
public sealed record ProviderChangeListResponse(IReadOnlyList<ProviderChangeResponse> Items);

/// <summary>A change of a provider's health.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">The model that cools down or does so no longer; null: the provider itself.</param>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Problem">What was wrong; null when healthy.</param>
/// <param name="At">When it was noticed.</param>
public sealed record ProviderChangeResponse(string Provider, string? Model, string Status, string? Problem, DateTimeOffset At)
{
    internal static ProviderChangeResponse Of(ProviderHealthChange change) => new(
        change.ProviderName, change.Model.Length == 0 ? null : change.Model, WireName.Of(change.State), change.Problem, change.At);
}
