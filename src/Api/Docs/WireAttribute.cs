namespace AiGateway.Api.Docs;

/// <summary>Marks an endpoint that passes OpenAI's JSON through, for its documentation.</summary>
/// <param name="path">The page in OpenAI's API reference.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WireAttribute(string path) : Attribute
{
    public string Path { get; } = path;

    /// <summary>A request body to try; null for endpoints without one.</summary>
    public string? Example { get; init; }

    /// <summary>Whether the reply may be a stream of events.</summary>
    public bool Streams { get; init; }
}
