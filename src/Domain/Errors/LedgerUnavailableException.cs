namespace AiGateway.Domain;

/// <summary>The ledger's database failed, or did not answer in time.</summary>
public sealed class LedgerUnavailableException : AiGatewayException
{
    private const string NotSent = "The usage ledger is unavailable. The request was not sent to a provider. Retry later.";

    private const string Sent =
        "The usage ledger is unavailable. The provider carried out the request, but the gateway could not record that. Retry later.";

    /// <param name="cause">The database's own failure, where there is one.</param>
    /// <param name="wasSent">Whether a provider has already carried out the request.</param>
    public LedgerUnavailableException(Exception? cause = null, bool wasSent = false)
        : base(ErrorCode.LedgerUnavailable, wasSent ? Sent : NotSent, cause)
    {
        // Random, so that callers who were refused together do not return together.
        RetryAfter = TimeSpan.FromSeconds(Random.Shared.Next(1, 6));
    }
}
