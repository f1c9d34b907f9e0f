using AiGateway.Domain;

namespace AiGateway.Application.Requests;

/// <summary>The prices of the tools of a request that the provider runs.</summary>
public static class ProviderToolPrices
{
    /// <summary>The first tool without a price for the model; null: all have one.</summary>
    public static string? FindUnpriced(this PricedModel model, ModelRequest request)
    {
        foreach (var tool in request.ProviderTools)
        {
            if (model.FindToolCallNanoUsd(tool) is null) return tool;
        }

        return null;
    }

    /// <summary>The most expensive call of a tool of the request, in nano-dollars; 0 without tools.</summary>
    public static long MostExpensiveCallNanoUsd(this PricedModel model, ModelRequest request)
    {
        long most = 0;
        foreach (var tool in request.ProviderTools) most = Math.Max(most, model.FindToolCallNanoUsd(tool) ?? 0);
        return most;
    }
}
