namespace AiGateway.Domain;

/// <summary>How the provider processes a request, which scales its price.</summary>
public enum ServiceTier
{
    /// <summary>The list price.</summary>
    Standard,

    /// <summary>Slower and cheaper.</summary>
    Flex,

    /// <summary>Faster and dearer.</summary>
    Priority,
}
