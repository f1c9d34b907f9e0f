using AiGateway.Application.Generation;
using AiGateway.Application.Ledger;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;

namespace AiGateway.Application.Telemetry;

/// <summary>A request that has ended, as spans and metrics need it.</summary>
/// <param name="Request">The request.</param>
/// <param name="Attempts">Its finished calls to providers.</param>
/// <param name="Settlement">How it ended.</param>
/// <param name="Reply">The reply; null: none came.</param>
/// <param name="Chunks">The chunks with text that a stream delivered.</param>
internal readonly record struct EndedRequest(
    ModelRequest Request, RequestAttempts Attempts, Settlement Settlement, GenerateReply? Reply, long Chunks)
{
    /// <summary>The provider of the last attempt; <c>none</c> without an attempt.</summary>
    public string Provider => Attempts.Ended is [.., var last] ? GenAi.NameOf(last.Provider) : "none";

    /// <summary>
    /// The model of the last attempt, else the requested one of the plan. Both are in the price book, so their number is bounded.
    /// </summary>
    public string Model => Attempts.Ended is [.., var last] ? last.Model : (Request as Generate)?.Plan?.First.Call.Model.Model ?? "none";

    /// <summary>From the beginning of the first call to its end; zero without a call.</summary>
    public TimeSpan Called => Attempts.SinceFirst ?? TimeSpan.Zero;

    /// <summary>From the beginning of the first call to the first chunk of a stream; null: not a stream.</summary>
    public TimeSpan? CalledToFirstChunk =>
        Settlement.TimeToFirstToken is { } first && Attempts.SinceFirst is { } called ? NotNegative(first - (Settlement.Latency - called)) : null;

    /// <summary>The time in the gateway, outside calls to providers.</summary>
    public TimeSpan Overhead => NotNegative(Settlement.Latency - Attempts.Spent);

    private static TimeSpan NotNegative(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;
}
