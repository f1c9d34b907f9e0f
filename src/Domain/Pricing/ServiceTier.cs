namespace AiGateway.Domain;

/// <summary>How the provider processes a request, which scales its price.</summary>
public enum ServiceTier
{
    /// <summary>The list price.</summary>
    Standard,

    /// <summary>Slower and cheaper.</summary>
    Flex,

    /// <summary>Faster and more expensive.</summary>
    Priority,

    /// <summary>The provider chooses a tier. It can be requested but is never billed: a reply names the chosen tier.</summary>
    Auto,
}
