namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>
/// A transaction that assumed what <see cref="RememberedRows"/> hold was not written, because something has changed. The same work
/// may succeed at once.
/// </summary>
/// <param name="cause">What the database answered.</param>
internal sealed class AssumptionFailedException(Exception cause) : Exception("What the gateway remembered of the ledger has changed.", cause);
