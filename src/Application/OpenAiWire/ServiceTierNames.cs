using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Application.OpenAiWire;

/// <summary>OpenAI's names for how a request is processed. Both <c>priority</c> and <c>fast</c> name one tier.</summary>
public static class ServiceTierNames
{
    /// <summary>
    /// The tier that a request asks for. Without a name it is the standard tier. <c>auto</c> and unknown names leave the choice
    /// to the provider.
    /// </summary>
    public static ServiceTier Requested(string? name) => name switch
    {
        null or "default" => ServiceTier.Standard,
        "flex" => ServiceTier.Flex,
        "priority" or "fast" => ServiceTier.Priority,
        _ => ServiceTier.Auto,
    };

    /// <summary>The tier that a reply bills. Without a known name it is the standard tier.</summary>
    public static ServiceTier Billed(JsonElement? name)
    {
        if (name is not { ValueKind: JsonValueKind.String } text) return ServiceTier.Standard;
        var tier = Requested(text.GetString());
        return tier == ServiceTier.Auto ? ServiceTier.Standard : tier;
    }
}
