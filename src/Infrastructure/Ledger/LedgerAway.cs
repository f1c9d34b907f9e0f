using AiGateway.Domain;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>What a caller is told while the database does not answer.</summary>
internal static class LedgerAway
{
    public static AiGatewayException Refusal() => new(
        ErrorCode.LedgerUnavailable, "The usage ledger is unavailable. The request was not sent to a provider. Retry later.")
    {
        // Spread, so that those who were refused together do not come back together.
        RetryAfter = TimeSpan.FromSeconds(Random.Shared.Next(1, 6)),
    };
}
