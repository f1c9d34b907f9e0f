using AiGateway.Domain;

namespace AiGateway.Application.Generation;

/// <summary>One event of a streamed reply: the provider's bytes, and what the gateway read in them.</summary>
public readonly record struct ReplyChunk
{
    /// <summary>
    /// The event's data, exactly as the provider sent it; data that came in several lines is joined by line feeds. Valid until
    /// the next chunk is asked for.
    /// </summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The name of a named event; null for plain ones.</summary>
    public string? EventType { get; init; }

    /// <summary>Text that the event delivers, over all choices, tool-call arguments and refusals included; for counting.</summary>
    public string? Text { get; init; }

    /// <summary>Whether <see cref="Text"/> is reasoning that is shown, before the answer begins.</summary>
    public bool IsReasoning { get; init; }

    /// <summary>The part of <see cref="Text"/> that continues the first choice's answer.</summary>
    public string? Content { get; init; }

    /// <summary>The tokens used, when the event reports them.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>Why the model stopped, when the event says so.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The model that answers, when the event says so.</summary>
    public string? Model { get; init; }

    /// <summary>The tier that the provider says it uses.</summary>
    public ServiceTier Tier { get; init; }

    /// <summary>The id of something that the provider will keep, when the event names it.</summary>
    public string? StoredId { get; init; }

    /// <summary>Whether the event reports usage and nothing else; a client that did not ask for it must not see it.</summary>
    public bool IsUsageOnly { get; init; }
}
