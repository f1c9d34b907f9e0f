using AiGateway.Domain;

namespace AiGateway.Api.Contracts;

/// <summary>
/// The attempts of a usage record. A record of a single attempt keeps no list, because its own columns describe the attempt.
/// </summary>
internal static class AttemptMapping
{
    public static IReadOnlyList<AttemptResponse> Of(UsageRecord record) => record switch
    {
        { Attempts: { } attempts } => [.. attempts.Select(ToResponse)],
        { Status: UsageStatus.Held or UsageStatus.Released } => [],
        _ => [new(record.Provider, record.Model, WireName.Of(OutcomeOf(record)), Money.ToUsd(record.CostNanoUsd), record.LatencyMs)],
    };

    private static AttemptResponse ToResponse(RequestAttempt attempt) =>
        new(attempt.Provider, attempt.Model, WireName.Of(attempt.Outcome), Money.ToUsd(attempt.CostNanoUsd), attempt.LatencyMs);

    private static AttemptOutcome OutcomeOf(UsageRecord record) => record.Status switch
    {
        UsageStatus.Unknown or UsageStatus.Expired => AttemptOutcome.Unknown,
        _ when record.ErrorCode == ErrorCode.ClientClosedRequest.ToName() => AttemptOutcome.ClientLeft,
        _ => AttemptOutcome.Answered,
    };
}
