using AiGateway.Domain;

namespace AiGateway.Application.Generation;

/// <summary>A provider's answer: finished, or a stream of chunks.</summary>
public sealed record ModelReply
{
    /// <summary>The model that answered, as the provider names it.</summary>
    public required string Model { get; init; }

    /// <summary>The text of the first choice; empty while streaming.</summary>
    public string Content { get; init; } = "";

    /// <summary>All that the model wrote, over all choices, tool calls and refusals included; counted when the provider reports no usage.</summary>
    public string DeliveredText { get; init; } = "";

    /// <summary>Why the model stopped, in the provider's word, such as <c>stop</c> or <c>length</c>.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Tokens as the provider reports them; null when it does not, or when they cannot be true.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>The tier that the provider says it used.</summary>
    public ServiceTier Tier { get; init; }

    /// <summary>Ids of what the provider keeps of the reply.</summary>
    public IReadOnlyList<string> StoredIds { get; init; } = [];

    /// <summary>The provider's reply in OpenAI's JSON, as it came; empty while streaming.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>
    /// The streamed reply, its first event already here; null when the reply is finished. It ends normally only when the
    /// provider ended it; a stream that is cut, malformed or stalled throws <see cref="ProviderException"/>. It must be
    /// enumerated once, or its enumerator disposed, to close the connection to the provider.
    /// </summary>
    public IAsyncEnumerator<ReplyChunk>? Chunks { get; init; }
}
