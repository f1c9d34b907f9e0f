namespace AiGateway.Application.Requests;

/// <summary>What happens to tools that the provider runs and bills by the call (<c>AI_GATEWAY_PROVIDER_TOOLS</c>).</summary>
public enum ProviderToolRule
{
    /// <summary>The request is refused.</summary>
    Refuse,

    /// <summary>The tools are removed from the request, and the reply says so.</summary>
    Drop,

    /// <summary>The tools pass where the price book has a price for each call.</summary>
    Price,
}
