using AiGateway.Domain;

namespace AiGateway.Application.Ledger;

/// <summary>
/// The ledger. At every committed state, and for every scope, window and limit, settled plus held is at most the limit, and
/// the counters equal the sum of the usage records.
/// </summary>
public interface ILedger
{
    /// <summary>
    /// Takes a hold: decides, writes the usage record as held and commits, in one transaction. While this process lives
    /// it renews the hold's lease until the request is settled.
    /// </summary>
    /// <returns>Granted, or the exceeded limit. An elastic hold is answered with the output limit that was chosen.</returns>
    /// <exception cref="LedgerUnavailableException">Nothing is held. It is thrown in bounded time.</exception>
    /// <exception cref="OperationCanceledException">The caller left before the decision; nothing stays held.</exception>
    Task<HoldDecision> HoldAsync(Hold hold, CancellationToken cancellationToken);

    /// <summary>
    /// Raises the hold of a request in progress, for a further attempt after one that the provider may bill. It counts as
    /// the same request. It never fails and has no cancellation token: the raise ends with the settlement of the request.
    /// </summary>
    /// <param name="hold">The hold, as it was granted.</param>
    /// <param name="moreNanoUsd">The additional amount, in nano-dollars; above 0.</param>
    /// <returns>False: a spend limit has no capacity for it, the hold has expired, or the ledger is unavailable.</returns>
    Task<bool> RaiseHoldAsync(Hold hold, long moreNanoUsd);

    /// <summary>
    /// Ends a hold. It has no cancellation token, because the provider has already billed. A second settlement of the same
    /// request changes nothing. On return the settlement is queued before every later hold of this gateway. Its task never
    /// fails and completes with the commit; while the database is away it completes after a bounded wait, and the ledger
    /// keeps trying.
    /// </summary>
    Task SettleAsync(Settlement settlement);

    /// <summary>Waits, in bounded time, until earlier settlements are committed. It never fails.</summary>
    Task FlushAsync();

    /// <summary>Recomputes every counter from the usage records and returns every difference.</summary>
    Task<LedgerVerification> VerifyAsync(CancellationToken cancellationToken);
}

/// <summary>A query whose result must include every request that this gateway answered before.</summary>
internal interface IReadsLedger;
