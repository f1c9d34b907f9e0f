using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>How the answers of one endpoint are read: what differs between the wires.</summary>
internal sealed record WireEndpoint
{
    /// <summary>Reads a finished reply to the requested model; null when it is malformed or an error.</summary>
    public required Func<ReadOnlyMemory<byte>, string, ModelReply?> ReadReply { get; init; }

    /// <summary>Makes the reader of one stream's events.</summary>
    public required Func<EventReader> NewEventReader { get; init; }

    /// <summary>Makes what puts the events of one stream together.</summary>
    public required Func<IEventCollector> NewCollector { get; init; }

    /// <summary>Writes a finished reply as the events of a stream.</summary>
    public required Func<ReadOnlyMemory<byte>, IReadOnlyList<WireEvent>> ToEvents { get; init; }

    /// <summary>The usage of any reply, also of one that reports an error; null when it has none.</summary>
    public required Func<ReadOnlyMemory<byte>, TokenUsage?> UsageOf { get; init; }

    /// <summary>The text of the model in a reply; empty when it has none.</summary>
    public required Func<ReadOnlyMemory<byte>, string> TextOf { get; init; }

    /// <summary>Whether <c>[DONE]</c> ends a stream. Where it does not, it counts only after a finish reason.</summary>
    public bool EndsWithDone { get; init; }

    /// <summary>Changes each event before it is read; null: none is changed.</summary>
    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? RepairEvent { get; init; }

    /// <summary>Changes a finished reply before it is read; null: none is changed.</summary>
    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? RepairReply { get; init; }

    /// <summary>Whether the cost that a reply reports is charged instead of the price book's.</summary>
    public bool ChargesReportedCost { get; init; }

    /// <summary>The header with the provider's id of the request; null: none.</summary>
    public string? RequestIdHeader { get; init; }
}

/// <summary>Reads one event of a stream.</summary>
internal delegate ChunkKind EventReader(ReadOnlyMemory<byte> payload, string? eventType, string? modelSoFar, out ReplyChunk chunk);
