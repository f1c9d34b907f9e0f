using AiGateway.Domain;

namespace AiGateway.Api.OpenAi;

/// <summary>OpenAI's names for how a request is processed.</summary>
internal static class ServiceTiers
{
    /// <summary>
    /// The tier to hold for. Without a tier the list price applies; <c>auto</c> and unknown names leave the choice to the
    /// provider. The reply names the charged tier.
    /// </summary>
    public static ServiceTier Asked(string? name) => name switch
    {
        null or "default" => ServiceTier.Standard,
        "flex" => ServiceTier.Flex,
        "priority" or "fast" => ServiceTier.Priority,
        _ => ServiceTier.Auto,
    };
}
