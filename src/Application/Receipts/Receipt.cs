using AiGateway.Domain;

namespace AiGateway.Application.Receipts;

/// <summary>Everything that is known of one request.</summary>
/// <param name="Stored">What is stored of it.</param>
/// <param name="Price">The price that it was charged with; null: its price book is not kept, or has no such row.</param>
public sealed record Receipt(StoredReceipt Stored, ReceiptPrice? Price)
{
    /// <summary>The usage record.</summary>
    public UsageRecord Record => Stored.Record;

    /// <summary>The cost at the settlement, before any correction, in nano-dollars.</summary>
    public long SettledNanoUsd => Stored.Corrections is [var (first, _), ..] ? first.PreviousCostNanoUsd : Record.CostNanoUsd;

    /// <summary>When the request ended; null: it is held, or its gateway did not report its end.</summary>
    public DateTimeOffset? EndedAt => Record.LatencyMs is { } latency ? Record.CreatedAt.AddMilliseconds(latency) : null;
}

/// <summary>A row of the price book.</summary>
/// <param name="Provider">The seller.</param>
/// <param name="Model">The model.</param>
/// <param name="Price">Its price on the day of the request.</param>
/// <param name="ListCostNanoUsd">
/// The cost of the charged tokens in the standard tier without surcharges, in nano-dollars; null: no tokens are charged. The
/// charge differs by the tier, surcharges, tools, cache writes for one hour, and further attempts.
/// </param>
public sealed record ReceiptPrice(string Provider, string Model, ModelPrice Price, long? ListCostNanoUsd);
