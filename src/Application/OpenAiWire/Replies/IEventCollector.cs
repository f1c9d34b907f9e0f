using System.Text.Json;

namespace AiGateway.Application.OpenAiWire;

/// <summary>
/// Puts the events of a stream together as one reply, for a server that answers a plain request with a stream. One instance
/// per reply.
/// </summary>
public interface IEventCollector
{
    /// <summary>Adds an event.</summary>
    /// <param name="json">Its data.</param>
    /// <param name="isLast">Whether it declares itself the last one.</param>
    /// <exception cref="JsonException">The event is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A member has an unexpected kind.</exception>
    void Add(ReadOnlyMemory<byte> json, bool isLast);

    /// <summary>The whole reply; null when no event held a part of it.</summary>
    ReadOnlyMemory<byte>? ToJson();
}
