using AiGateway.Application.Ledger;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Ledger.Operations;

/// <summary>The counters of a usage record, and the amount that was held for it.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Day">Its day, as yyyymmdd.</param>
/// <param name="Month">The first day of its month, as yyyymmdd.</param>
/// <param name="HeldNanoUsd">The held amount, now or before.</param>
internal readonly record struct CountedRecord(Guid UserId, int Day, int Month, long HeldNanoUsd)
{
    public CounterKey DayKey => new(UserId, PeriodKind.Day, Day);

    public CounterKey MonthKey => new(UserId, PeriodKind.Month, Month);
}

/// <summary>A usage record that was just settled.</summary>
/// <param name="Record">The record.</param>
/// <param name="Settlement">The settlement.</param>
/// <param name="HasExpired">Whether its maximum cost had been charged before.</param>
internal readonly record struct SettledRecord(CountedRecord Record, Settlement Settlement, bool HasExpired)
{
    /// <summary>The change of its counters.</summary>
    public CounterChange Change => (Settlement.Status, HasExpired) switch
    {
        (UsageStatus.Released, false) => CounterChange.Release(Record.HeldNanoUsd),
        (UsageStatus.Released, true) => CounterChange.ReleaseExpired(Record.HeldNanoUsd),
        (_, false) => CounterChange.Settle(Record.HeldNanoUsd, Settlement.CostNanoUsd),
        (_, true) => CounterChange.SettleExpired(Record.HeldNanoUsd, Settlement.CostNanoUsd),
    };
}
