namespace AiGateway.Application.Generation;

/// <summary>
/// The client's own request in OpenAI's JSON. An adapter for the same wire sends these bytes and changes only the members it
/// must.
/// </summary>
/// <param name="Body">The JSON object, unchanged.</param>
/// <param name="Members">Positions of the members that the gateway may have to change.</param>
public sealed record WireRequest(ReadOnlyMemory<byte> Body, IReadOnlyList<WireMember> Members);

/// <summary>A member of the top-level object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ValueStart">Offset of its value in the body.</param>
/// <param name="ValueLength">Length of its value.</param>
public readonly record struct WireMember(string Name, int ValueStart, int ValueLength);
