using AiGateway.Domain;

namespace AiGateway.Application.Requests;

/// <summary>Requires a price for each tool of a request that the provider runs.</summary>
internal static class ProviderToolPrices
{
    /// <exception cref="InvalidRequestException">The model has no price for such a tool.</exception>
    public static void Require(ModelRequest request, PricedModel model)
    {
        if (request.ProviderTools.Count == 0) return;
        throw new InvalidRequestException(
            "tools",
            $"the model {model.Model} has no price for the tool {request.ProviderTools[0]}, which runs at the provider. Remove the tool, or ask the operator to add its price");
    }
}
