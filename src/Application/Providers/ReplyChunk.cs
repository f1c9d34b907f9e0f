using AiGateway.Domain;

namespace AiGateway.Application.Providers;

/// <summary>One event of a streamed reply: the provider's bytes and the values that the gateway read from them.</summary>
public readonly record struct ReplyChunk
{
    /// <summary>
    /// The event's data, exactly as the provider sent it, or its translation; several data lines are joined by line feeds.
    /// Empty: the client gets no event. Valid until the next chunk is requested.
    /// </summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The name of a named event; null for plain ones.</summary>
    public string? EventType { get; init; }

    /// <summary>The text of the event over all choices, tool-call arguments and refusals included; for counting.</summary>
    public string? Text { get; init; }

    /// <summary>Whether <see cref="Text"/> is visible reasoning before the answer.</summary>
    public bool IsReasoning { get; init; }

    /// <summary>The part of <see cref="Text"/> that continues the first choice's answer.</summary>
    public string? Content { get; init; }

    /// <summary>The tokens used, when the event reports all of them.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>The input tokens, when the event reports them before the output is known; its output is 0.</summary>
    public TokenUsage? PromptUsage { get; init; }

    /// <summary>The cost that the provider reports and bills, in nano-dollars; null: the price book decides.</summary>
    public long? ReportedCostNanoUsd { get; init; }

    /// <summary>Why the model stopped, when the event says so.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The model that answers, when the event says so.</summary>
    public string? Model { get; init; }

    /// <summary>The tier that the provider reports.</summary>
    public ServiceTier Tier { get; init; }

    /// <summary>The surcharges that the provider reports.</summary>
    public BilledSurcharges Surcharges { get; init; }

    /// <summary>The tools of the provider whose calls ended, when the event says so, one entry for each call; null: none.</summary>
    public IReadOnlyList<string>? ToolCalls { get; init; }

    /// <summary>The id of an object that the provider stores, when the event names one.</summary>
    public string? StoredId { get; init; }

    /// <summary>Whether the event reports usage and nothing else; a client that did not ask for it must not see it.</summary>
    public bool IsUsageOnly { get; init; }
}
