namespace AiGateway.Application.Providers;

/// <summary>The configured providers and routes. A change of the configuration replaces the whole set at once.</summary>
public interface IProviderDirectory
{
    /// <summary>The set in force. A request reads it once.</summary>
    ProviderSet Current { get; }
}

/// <summary>Providers and routes that belong together.</summary>
/// <param name="Adapters">The providers, in the order in which they are tried.</param>
/// <param name="Routes">The routes by the model name that callers use.</param>
public sealed record ProviderSet(IReadOnlyList<IModelAdapter> Adapters, IReadOnlyDictionary<string, ModelRoute> Routes)
{
    /// <summary>A set in the operator's order.</summary>
    /// <param name="adapters">The providers.</param>
    /// <param name="routes">The routes by the model name that callers use.</param>
    /// <param name="order">Provider names; providers without a place come after, in their own order.</param>
    public static ProviderSet Create(IEnumerable<IModelAdapter> adapters, IReadOnlyDictionary<string, ModelRoute> routes, IReadOnlyList<string> order) =>
        new([.. adapters.OrderBy(adapter => Rank(order, adapter.Name))], routes);

    /// <summary>The provider of this name; null when it is not configured.</summary>
    public IModelAdapter? Find(string provider)
    {
        foreach (var adapter in Adapters)
        {
            if (adapter.Name == provider) return adapter;
        }

        return null;
    }

    private static int Rank(IReadOnlyList<string> order, string name)
    {
        for (var i = 0; i < order.Count; i++)
        {
            if (order[i] == name) return i;
        }

        return int.MaxValue;
    }
}
