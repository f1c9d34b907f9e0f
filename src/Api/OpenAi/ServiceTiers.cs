using AiGateway.Domain;

namespace AiGateway.Api.OpenAi;

/// <summary>OpenAI's names for how a request is processed.</summary>
internal static class ServiceTiers
{
    /// <summary>The tier to hold for. <c>auto</c> and unknown names are held as standard; the reply names the tier that is booked.</summary>
    public static ServiceTier Asked(string? name) => name switch
    {
        "flex" => ServiceTier.Flex,
        "priority" or "fast" => ServiceTier.Priority,
        _ => ServiceTier.Standard,
    };
}
