using AiGateway.Application.Providers;

namespace AiGateway.Application.Tests;

/// <summary>A provider directory that never changes.</summary>
internal sealed class FixedProviders(ProviderSet providers) : IProviderDirectory
{
    private static readonly IReadOnlyDictionary<string, ModelRoute> NoRoutes = new Dictionary<string, ModelRoute>();

    public FixedProviders(params IModelAdapter[] adapters)
        : this(ProviderSet.Create(adapters, NoRoutes, []))
    {
    }

    public ProviderSet Current => providers;
}
