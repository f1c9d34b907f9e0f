using AiGateway.Domain;

namespace AiGateway.Application.Providers;

/// <summary>A provider's answer: finished, or a stream of chunks.</summary>
public sealed record ModelReply
{
    /// <summary>The model that answered, as the provider names it.</summary>
    public required string Model { get; init; }

    /// <summary>The text of the first choice; empty while streaming.</summary>
    public string Content { get; init; } = "";

    /// <summary>
    /// All text of the model over all choices, tool calls and refusals included. It is counted when the provider reports no
    /// usage.
    /// </summary>
    public string DeliveredText { get; init; } = "";

    /// <summary>Why the model stopped, in the provider's word, such as <c>stop</c> or <c>length</c>.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Tokens as the provider reports them; null when it reports none, or impossible ones.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>The cost that the provider reports and bills, in nano-dollars; null: the price book decides.</summary>
    public long? ReportedCostNanoUsd { get; init; }

    /// <summary>The tools that the provider ran, one entry for each call; it bills each.</summary>
    public IReadOnlyList<string> ToolCalls { get; init; } = [];

    /// <summary>The tier that the provider reports.</summary>
    public ServiceTier Tier { get; init; }

    /// <summary>The provider's own id of the request; null: none is known.</summary>
    public string? ProviderRequestId { get; init; }

    /// <summary>Ids of objects that the provider stores for the reply.</summary>
    public IReadOnlyList<string> StoredIds { get; init; } = [];

    /// <summary>The provider's reply in the JSON of its wire, unchanged; empty while streaming.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>
    /// The streamed reply, whose first event has arrived; null when the reply is finished. It ends normally only when the
    /// provider ended it; a stream that is cut, malformed or stalled throws <see cref="ProviderException"/>. Enumerate it
    /// once, or dispose its enumerator: this closes the connection to the provider.
    /// </summary>
    public IAsyncEnumerator<ReplyChunk>? Chunks { get; init; }
}
