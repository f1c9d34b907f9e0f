using AiGateway.Application.Providers;
using MediatR;

namespace AiGateway.Application.Switches;

/// <summary>The configured providers, in the order in which they are tried.</summary>
public sealed record ListProviders : IRequest<IReadOnlyList<ConfiguredProvider>>;

/// <summary>A provider as it stands at this gateway.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Enabled">Whether it gets requests.</param>
/// <param name="ModelsOff">Its models that are switched off.</param>
/// <param name="Cooling">Its models that failed and are tried after others for a while.</param>
/// <param name="Quota">Whether the gateway's account has quota left.</param>
/// <param name="RateLimit">Its rate limits as of its last answer; null before the first one.</param>
public sealed record ConfiguredProvider(
    string Name, bool Enabled, IReadOnlyList<string> ModelsOff, IReadOnlyList<CoolingModel> Cooling, ProviderQuotaStatus Quota, RateLimitInfo? RateLimit)
{
    /// <summary>The models whose circuit breaker is open.</summary>
    public IReadOnlyList<OpenBreaker> OpenBreakers { get; init; } = [];

    /// <summary>The last failures, newest first.</summary>
    public IReadOnlyList<ProviderError> LastErrors { get; init; } = [];

    /// <summary>What its refusals taught about its requests.</summary>
    public IReadOnlyList<string> Learned { get; init; } = [];

    internal static ConfiguredProvider Of(IModelAdapter adapter, SwitchBoard switches)
    {
        var off = switches.OffAt(adapter.Name);
        return new(
            adapter.Name, !off.Contains(""), [.. off.Where(model => model.Length > 0)], adapter.Cooling(), adapter.CheckQuota(), adapter.GetRateLimit())
        {
            OpenBreakers = adapter.OpenBreakers(),
            LastErrors = adapter.LastErrors(),
            Learned = adapter.Learned(),
        };
    }
}

internal sealed class ListProvidersHandler(IProviderDirectory providers, SwitchBoard switches)
    : IRequestHandler<ListProviders, IReadOnlyList<ConfiguredProvider>>
{
    public Task<IReadOnlyList<ConfiguredProvider>> Handle(ListProviders query, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ConfiguredProvider>>([.. providers.Current.Adapters.Select(adapter => ConfiguredProvider.Of(adapter, switches))]);
}
