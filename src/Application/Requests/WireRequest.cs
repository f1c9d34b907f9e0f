namespace AiGateway.Application.Requests;

/// <summary>
/// A request in the JSON of a wire. An adapter for the same wire sends these bytes and changes only the members it must.
/// </summary>
/// <param name="Kind">The wire.</param>
/// <param name="Body">The JSON object: the client's, unchanged, or its translation.</param>
/// <param name="Members">Positions of the members that the gateway may have to change.</param>
public sealed record WireRequest(WireKind Kind, ReadOnlyMemory<byte> Body, IReadOnlyList<WireMember> Members)
{
    /// <summary>Headers of the client that belong to the wire and are sent on unchanged, such as <c>anthropic-version</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}

/// <summary>A member of the top-level object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ValueStart">Offset of its value in the body.</param>
/// <param name="ValueLength">Length of its value.</param>
public readonly record struct WireMember(string Name, int ValueStart, int ValueLength);
