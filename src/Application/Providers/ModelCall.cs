using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.Providers;

/// <summary>A request to one provider: the caller's request and the decisions of the gateway.</summary>
/// <param name="Request">The caller's request.</param>
/// <param name="Model">The model to call.</param>
/// <param name="Price">Its price on the day of the request.</param>
/// <param name="MaxCompletionTokens">
/// Most output tokens of one choice. It is sent to the provider when the caller gave no limit; otherwise a reply could cost
/// more than its hold.
/// </param>
public sealed record ModelCall(ModelRequest Request, PricedModel Model, ModelPrice Price, long MaxCompletionTokens)
{
    /// <summary>The model's name at the provider when it differs from the name at the gateway; null: the same.</summary>
    public string? Upstream { get; init; }

    /// <summary>The model's name as it is sent to the provider.</summary>
    public string SentModel => Upstream ?? Model.Model;

    /// <summary>
    /// The request in the wire of the target: the client's own JSON, or its translation. Null: the adapter writes the request.
    /// </summary>
    public WireRequest? Wire { get; init; } = Request.Wire;

    /// <summary>The maximum cost of one attempt, as held.</summary>
    public CostEstimate Worst { get; init; } = CostEstimate.Nothing;

    /// <summary>Where the adapter reports its attempts; null: nowhere.</summary>
    public RequestAttempts? Attempts { get; init; }

    /// <summary>Whether the provider bills the call in full when its connection is closed.</summary>
    public bool BillsAbortedCalls { get; init; }

    /// <summary>
    /// The tier to charge when the provider does not name one: the more expensive of the requested and the standard tier.
    /// </summary>
    public ServiceTier HeldTier => Request.Tier == ServiceTier.Priority ? ServiceTier.Priority : ServiceTier.Standard;

    /// <summary>The same call with another output limit of one choice, and its maximum cost.</summary>
    public ModelCall WithOutputLimit(long limit)
    {
        if (limit == MaxCompletionTokens) return this;
        var limited = this with { MaxCompletionTokens = limit };
        return limited with { Worst = CostEstimate.Of(limited, Worst.PromptTokens, Worst.PredictedTokens) with { Fits = Worst.Fits } };
    }

    /// <summary>The cost of calls of tools that the provider ran, in nano-dollars.</summary>
    /// <param name="tools">The tool of each call. One without a price of its own costs as much as the most expensive of the request.</param>
    public long ToolCallsNanoUsd(IReadOnlyList<string> tools)
    {
        if (tools.Count == 0 || Request.ProviderTools.Count == 0) return 0;
        var most = Model.MostExpensiveCallNanoUsd(Request);
        return tools.Sum(tool => Model.FindToolCallNanoUsd(tool) ?? most);
    }

    /// <summary>
    /// The cost of tokens when the call ended at this instant. A vendor with peak hours does not say which instant decides, so
    /// a call that touched them is charged at the peak price.
    /// </summary>
    /// <param name="usage">The tokens.</param>
    /// <param name="tier">The tier that the provider bills.</param>
    /// <param name="endedAt">When the call ended.</param>
    /// <param name="billed">What the provider says of surcharges.</param>
    public long CostNanoUsd(TokenUsage usage, ServiceTier tier, DateTimeOffset endedAt, BilledSurcharges billed = default) =>
        Price.CostNanoUsd(usage, tier, billed.Of(Request.Surcharges) | Price.PeakOf(Request.ReceivedAt, endedAt));
}
