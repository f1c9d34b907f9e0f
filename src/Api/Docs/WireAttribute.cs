namespace AiGateway.Api.Docs;

/// <summary>An endpoint that reads and writes OpenAI's JSON itself; for its documentation.</summary>
/// <param name="path">The same path in OpenAI's API reference.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WireAttribute(string path) : Attribute
{
    public string Path { get; } = path;
}
