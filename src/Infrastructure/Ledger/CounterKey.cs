using AiGateway.Domain;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>The key of one counter. All writers lock counters in this order, which prevents deadlocks.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Kind">Day or month.</param>
/// <param name="Start">First day of the period, as yyyymmdd.</param>
internal readonly record struct CounterKey(Guid UserId, PeriodKind Kind, int Start) : IComparable<CounterKey>
{
    public int CompareTo(CounterKey other)
    {
        var order = UserId.CompareTo(other.UserId);
        if (order == 0) order = Kind.CompareTo(other.Kind);
        return order == 0 ? Start.CompareTo(other.Start) : order;
    }
}
