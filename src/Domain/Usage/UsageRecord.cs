namespace AiGateway.Domain;

/// <summary>
/// The record of one request: written as held before the provider is called, settled or released after. Its id is the
/// gateway's own request id, never the provider's. It contains no prompt and no reply.
/// </summary>
public sealed class UsageRecord
{
    /// <summary>The gateway's request id (UUIDv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>The user of the caller.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The API key that was used; null for a JWT.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>When the hold was taken.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The UTC day in which the request counts; it determines the month.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>First day of the UTC month in which the request counts.</summary>
    public required DateOnly Month { get; init; }

    /// <summary>The operation.</summary>
    public required ModelOperation Operation { get; init; }

    /// <summary>The model that the caller named, or that was chosen.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>The model that answered, as the provider reports it; until then the called model.</summary>
    public required string Model { get; init; }

    /// <summary>The provider that answered; until then the first choice.</summary>
    public required string Provider { get; init; }

    /// <summary>Whether the reply was streamed.</summary>
    public bool Streamed { get; init; }

    /// <summary>The end user that the caller named, if any.</summary>
    public string? EndUser { get; init; }

    /// <summary>The status.</summary>
    public UsageStatus Status { get; init; }

    /// <summary>The source of the token counts.</summary>
    public UsageSource UsageSource { get; init; }

    /// <summary>All input tokens; while held, the counted ones.</summary>
    public long PromptTokens { get; init; }

    /// <summary>All output tokens; while held, the limit.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Part of the prompt read from the provider's cache.</summary>
    public long CachedPromptTokens { get; init; }

    /// <summary>Part of the prompt written to the provider's cache.</summary>
    public long CacheWriteTokens { get; init; }

    /// <summary>Part of the completion spent on reasoning.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>The maximum cost that was held, in nano-dollars.</summary>
    public long HeldNanoUsd { get; init; }

    /// <summary>Most tokens that were held, over all attempts; null in records of versions before budgets of tokens.</summary>
    public long? HeldTokens { get; init; }

    /// <summary>The scopes and models that it is charged to, as <see cref="Domain.ChargeSet.Id"/>; null: only its user and its key.</summary>
    public Guid? ChargeSet { get; init; }

    /// <summary>The cost charged for all attempts, in nano-dollars; zero while held and when released.</summary>
    public long CostNanoUsd { get; init; }

    /// <summary>Whether the settlement exceeded the hold. This should never happen.</summary>
    public bool AboveHold { get; init; }

    /// <summary>The HTTP calls to providers, in order; null when there was at most one and the record says all of it.</summary>
    public IReadOnlyList<RequestAttempt>? Attempts { get; init; }

    /// <summary>Version of the price book used for the cost.</summary>
    public required string PriceVersion { get; init; }

    /// <summary>The error code when it failed.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>From hold to settle, in milliseconds; null while held.</summary>
    public long? LatencyMs { get; init; }

    /// <summary>From hold to the first chunk of a stream, in milliseconds.</summary>
    public long? TimeToFirstTokenMs { get; init; }

    /// <summary>When a held request expires, unless its gateway renews the lease before.</summary>
    public DateTimeOffset LeaseExpiresAt { get; init; }

    /// <summary>The user of the caller.</summary>
    public User? User { get; init; }

    /// <summary>The key that was used.</summary>
    public ApiKey? ApiKey { get; init; }
}

/// <summary>The status of a request in the ledger. The numbers are stored.</summary>
public enum UsageStatus
{
    /// <summary>In progress: its maximum cost is held.</summary>
    Held = 0,

    /// <summary>Done: its cost is charged.</summary>
    Settled = 1,

    /// <summary>Nothing was delivered and nothing is owed: the request count and the amount are given back.</summary>
    Released = 2,

    /// <summary>The lease ran out before a settlement: charged at the held maximum.</summary>
    Expired = 3,

    /// <summary>It was sent and no complete answer came: the provider may bill it, so it is charged and stays counted.</summary>
    Unknown = 4,
}

/// <summary>The source of the token counts of a usage record. The numbers are stored.</summary>
public enum UsageSource
{
    /// <summary>None yet, or nothing was used.</summary>
    None = 0,

    /// <summary>The provider reported them.</summary>
    Provider = 1,

    /// <summary>The gateway counted the delivered text with the model's tokenizer.</summary>
    Counted = 2,

    /// <summary>Unknown: the held maximum is charged.</summary>
    Held = 3,

    /// <summary>An administrator entered the cost, such as from the provider's invoice.</summary>
    Corrected = 4,
}

/// <summary>The kind of a request. The numbers are stored.</summary>
public enum ModelOperation
{
    /// <summary>A chat completion.</summary>
    Chat = 0,

    /// <summary>Embedding vectors.</summary>
    Embeddings = 1,

    /// <summary>A response of OpenAI's Responses API.</summary>
    Responses = 2,
}
