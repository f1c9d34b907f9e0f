namespace AiGateway.StandIn.Replies;

/// <summary>
/// How one request is to be answered; as it stands, well. Events of a stream are counted from 1: the first is the one that
/// names the role (chat) or <c>response.created</c> (responses), then come the pieces of text.
/// </summary>
public sealed record ReplyPlan
{
    /// <summary>A plain, good answer.</summary>
    public static readonly ReplyPlan Good = new();

    /// <summary>Answer with this status and an error.</summary>
    public int? Status { get; init; }

    /// <summary>The header <c>retry-after</c> of that answer.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>The header <c>retry-after-ms</c> of that answer.</summary>
    public string? RetryAfterMs { get; init; }

    /// <summary>The error's type.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The error's code.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Answer with a page of HTML.</summary>
    public bool Html { get; init; }

    /// <summary>Answer with half a JSON document; a stream: make its second event one.</summary>
    public bool Malformed { get; init; }

    /// <summary>Close the connection without an answer.</summary>
    public bool Drop { get; init; }

    /// <summary>Never answer.</summary>
    public bool Hang { get; init; }

    /// <summary>How long to wait before the answer.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Do not answer before this is done.</summary>
    public Task Until { get; init; } = Task.CompletedTask;

    /// <summary>How long to wait before each event but the first.</summary>
    public TimeSpan Gap { get; init; }

    /// <summary>Answer with a text of so many one-token pieces instead of the echo.</summary>
    public int? Chunks { get; init; }

    /// <summary>Make each of these pieces at least so many characters long.</summary>
    public int ChunkLength { get; init; }

    /// <summary>Answer with this text instead of the echo.</summary>
    public string? Text { get; init; }

    /// <summary>Call so many tools at once, when tools are called.</summary>
    public int ToolCalls { get; init; } = 1;

    /// <summary>Close the connection after so many events.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Close the connection in the middle of this event.</summary>
    public int? CutMid { get; init; }

    /// <summary>Fall silent after so many events.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Send an error and end after so many events.</summary>
    public int? ErrorEventAfter { get; init; }

    /// <summary>End the answer in good order after so many events, as if it were whole.</summary>
    public int? EndAfter { get; init; }

    /// <summary>Leave out <c>[DONE]</c>, or the event that ends a response.</summary>
    public bool NoDone { get; init; }

    /// <summary>Leave out the usage, asked for or not.</summary>
    public bool NoUsage { get; init; }

    /// <summary>Tokens to state for the prompt instead of the count.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>Tokens to state for the answer instead of the count.</summary>
    public long? CompletionTokens { get; init; }

    /// <summary>Tokens of the prompt to state as cached.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Tokens to state as spent on reasoning, on top of the text's.</summary>
    public long ReasoningTokens { get; init; }
}
