namespace AiGateway.StandIn.Replies;

/// <summary>
/// How one request is answered. Without changes, it is answered normally. Events of a stream are counted from 1. The first event of a chat
/// completion has the role, and that of a response is <c>response.created</c>. The pieces of text follow.
/// </summary>
public sealed record ReplyPlan
{
    /// <summary>A normal reply.</summary>
    public static readonly ReplyPlan Good = new();

    /// <summary>Answers with this status and an error.</summary>
    public int? Status { get; init; }

    /// <summary>The header <c>retry-after</c> of the error reply.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>The header <c>retry-after-ms</c> of the error reply.</summary>
    public string? RetryAfterMs { get; init; }

    /// <summary>The type of the error.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The code of the error.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Answers with an HTML page.</summary>
    public bool Html { get; init; }

    /// <summary>Answers with half a JSON document. In a stream, the second event has half a document.</summary>
    public bool Malformed { get; init; }

    /// <summary>Closes the connection without a reply.</summary>
    public bool Drop { get; init; }

    /// <summary>Never answers.</summary>
    public bool Hang { get; init; }

    /// <summary>The delay before the reply.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>The reply waits for this task.</summary>
    public Task Until { get; init; } = Task.CompletedTask;

    /// <summary>The delay before each event except the first.</summary>
    public TimeSpan Gap { get; init; }

    /// <summary>Answers with a text of this number of one-token pieces instead of the echo.</summary>
    public int? Chunks { get; init; }

    /// <summary>The minimum length of each of these pieces, in characters.</summary>
    public int ChunkLength { get; init; }

    /// <summary>Answers with this text instead of the echo.</summary>
    public string? Text { get; init; }

    /// <summary>The number of parallel tool calls, when tools are called.</summary>
    public int ToolCalls { get; init; } = 1;

    /// <summary>The number of replies with tool calls after a user's text. The reply after them is a text.</summary>
    public int ToolTurns { get; init; } = 1;

    /// <summary>Closes the connection after this number of events.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Closes the connection in the middle of this event.</summary>
    public int? CutMid { get; init; }

    /// <summary>Sends nothing more after this number of events.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Sends an error event after this number of events, and ends.</summary>
    public int? ErrorEventAfter { get; init; }

    /// <summary>Ends the stream properly after this number of events.</summary>
    public int? EndAfter { get; init; }

    /// <summary>Leaves out <c>[DONE]</c>, or the last event of a response.</summary>
    public bool NoDone { get; init; }

    /// <summary>Leaves out the usage, even if the client asks for it.</summary>
    public bool NoUsage { get; init; }

    /// <summary>The stated prompt tokens; null for the true count.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>The stated completion tokens; null for the true count.</summary>
    public long? CompletionTokens { get; init; }

    /// <summary>The stated cached tokens of the prompt.</summary>
    public long CachedTokens { get; init; }

    /// <summary>The stated reasoning tokens. They are added to the tokens of the text.</summary>
    public long ReasoningTokens { get; init; }
}
