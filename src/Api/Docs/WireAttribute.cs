namespace AiGateway.Api.Docs;

/// <summary>An endpoint that passes OpenAI's JSON through; for its documentation.</summary>
/// <param name="path">Where OpenAI's API reference describes it.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WireAttribute(string path) : Attribute
{
    public string Path { get; } = path;

    /// <summary>A request body to try; null for endpoints without one.</summary>
    public string? Example { get; init; }

    /// <summary>Whether the reply may be a stream of events.</summary>
    public bool Streams { get; init; }
}
