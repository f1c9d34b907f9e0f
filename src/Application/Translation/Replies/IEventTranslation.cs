using AiGateway.Application.Providers;

namespace AiGateway.Application.Translation.Replies;

/// <summary>Turns the events of a stream into those of another wire. One instance per stream.</summary>
internal interface IEventTranslation
{
    /// <summary>Reads one event of the provider and adds the client's events; none is possible.</summary>
    void Add(in ReplyChunk chunk, List<TranslatedEvent> events);

    /// <summary>The provider's stream ended in order: adds the events that are still missing.</summary>
    void Finish(List<TranslatedEvent> events);
}

/// <summary>One event for the client.</summary>
/// <param name="Json">Its data.</param>
/// <param name="Type">Its name; null for a plain one.</param>
/// <param name="IsUsageOnly">Whether it reports usage and nothing else.</param>
internal readonly record struct TranslatedEvent(ReadOnlyMemory<byte> Json, string? Type = null, bool IsUsageOnly = false);
