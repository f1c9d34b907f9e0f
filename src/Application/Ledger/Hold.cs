using AiGateway.Domain;

namespace AiGateway.Application.Ledger;

/// <summary>The maximum cost of a request that is about to be sent.</summary>
public sealed record Hold
{
    /// <summary>The request's id: the identity of its hold and its usage record.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The user of the caller.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The API key in use; null for a JWT.</summary>
    public required Guid? ApiKeyId { get; init; }

    /// <summary>The arrival time. The request counts in the UTC day and month of this time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The operation.</summary>
    public required ModelOperation Operation { get; init; }

    /// <summary>The model that the caller named, or that was chosen.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>The model of the first route.</summary>
    public required string Model { get; init; }

    /// <summary>The provider of the first route.</summary>
    public required string Provider { get; init; }

    /// <summary>Whether the caller requested a stream.</summary>
    public required bool Streamed { get; init; }

    /// <summary>The end user that the caller named.</summary>
    public required string? EndUser { get; init; }

    /// <summary>Counted prompt tokens.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Most completion tokens, over all choices.</summary>
    public required long MaxCompletionTokens { get; init; }

    /// <summary>
    /// The maximum cost over all routes, in nano-dollars. With <see cref="Elastic"/> it is the least amount that is worth a
    /// hold; with less capacity the request is refused.
    /// </summary>
    public required long HeldNanoUsd { get; init; }

    /// <summary>
    /// Most prompt and completion tokens, over all routes. With <see cref="Elastic"/> it is the least number that is worth a
    /// hold.
    /// </summary>
    public required long HeldTokens { get; init; }

    /// <summary>The scopes and models that it is charged to besides its user and its key; null: none.</summary>
    public ChargeSet? ChargeSet { get; init; }

    /// <summary>Version of the price book.</summary>
    public required string PriceVersion { get; init; }

    /// <summary>
    /// The choices when the ledger sets the output limit by the capacity left; null: the amounts are as given.
    /// </summary>
    public ElasticOutput? Elastic { get; init; }

    /// <summary>What the limits must have capacity for.</summary>
    public HeldAmount Needed => new(HeldNanoUsd, HeldTokens);

    /// <summary>The hold with the output limit that the ledger chose.</summary>
    public Hold With(HeldOutput chosen) => this with
    {
        MaxCompletionTokens = chosen.MaxCompletionTokens,
        HeldNanoUsd = chosen.Amount.NanoUsd,
        HeldTokens = chosen.Amount.Tokens,
        Elastic = null,
    };
}
