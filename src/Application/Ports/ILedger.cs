using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>
/// The books. At every committed state, and for every user, period and limit, settled plus held is at most the limit,
/// and the counters equal the sum of the usage records.
/// </summary>
public interface ILedger
{
    /// <summary>
    /// Whether other gateways decide on the same books. Then a reply waits until its settlement is committed, so that none of
    /// them decides on the books before it. A gateway alone has it ahead of every later hold once it is on its way.
    /// </summary>
    bool IsShared { get; }

    /// <summary>
    /// Takes a hold: decides, writes the usage record as held and commits, in one transaction. While this process lives
    /// it renews the hold's lease until the request is settled.
    /// </summary>
    /// <returns>Null when granted, else which limit has no room.</returns>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.LedgerUnavailable"/>: nothing is held, in bounded time.</exception>
    /// <exception cref="OperationCanceledException">The caller left before the decision; nothing stays held.</exception>
    Task<QuotaRefusal?> HoldAsync(Hold hold, CancellationToken cancellationToken);

    /// <summary>
    /// Holds more for a request under way, for a further attempt after one that the provider may bill. It counts as the same
    /// request. It never fails and has no cancellation token: what was raised ends with the request's settlement.
    /// </summary>
    /// <param name="hold">The hold, as it was granted.</param>
    /// <param name="moreNanoUsd">How much more, in nano-dollars; above 0.</param>
    /// <returns>False: a spend limit has no capacity for it, the hold has expired, or the ledger is unavailable.</returns>
    Task<bool> RaiseHoldAsync(Hold hold, long moreNanoUsd);

    /// <summary>
    /// Ends a hold. It has no cancellation token, since the provider has already billed; a second settlement of the same
    /// request changes nothing. On return it is on its way, ahead of every later hold here; its task never fails. It ends
    /// once committed; while the database is away it ends after a bounded wait, and the ledger goes on trying.
    /// </summary>
    Task SettleAsync(Settlement settlement);

    /// <summary>Waits, in bounded time, until what was settled before the call is committed. It never fails.</summary>
    Task CatchUpAsync();

    /// <summary>Recomputes every counter from the usage records and names every difference.</summary>
    Task<LedgerVerification> VerifyAsync(CancellationToken cancellationToken);
}
