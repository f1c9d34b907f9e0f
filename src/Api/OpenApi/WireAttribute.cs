namespace AiGateway.Api.OpenApi;

/// <summary>Whose JSON an endpoint passes through.</summary>
internal enum WireVendor
{
    /// <summary>OpenAI's.</summary>
    OpenAi,

    /// <summary>Anthropic's.</summary>
    Anthropic,
}

/// <summary>Marks an endpoint that passes a vendor's JSON through, for its documentation.</summary>
/// <param name="path">The page in the vendor's API reference.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WireAttribute(string path) : Attribute
{
    public string Path { get; } = path;

    /// <summary>The vendor; default: OpenAI.</summary>
    public WireVendor Vendor { get; init; }

    /// <summary>A request body to try; null for endpoints without one.</summary>
    public string? Example { get; init; }

    /// <summary>Whether the reply may be a stream of events.</summary>
    public bool Streams { get; init; }
}
