using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Mapping;

namespace AiGateway.Infrastructure.Ledger.Operations;

/// <summary>What decides the counters of a usage record, and what was held for it.</summary>
internal sealed record CountedRecord
{
    /// <summary>The user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Its UTC day, as yyyymmdd.</summary>
    public required int Day { get; init; }

    /// <summary>The first day of its UTC month, as yyyymmdd.</summary>
    public required int Month { get; init; }

    /// <summary>The held amount, now or before, in nano-dollars.</summary>
    public required long HeldNanoUsd { get; init; }

    /// <summary>The held tokens, now or before.</summary>
    public required long HeldTokens { get; init; }

    /// <summary>When it came, in milliseconds since 1970.</summary>
    public required long At { get; init; }

    public required Guid? ApiKeyId { get; init; }

    /// <summary>The id of its charge set; null: none.</summary>
    public required Guid? ChargeSetId { get; init; }

    /// <summary>Its charge set, when the gateway holds it just now; else it is read by its id.</summary>
    public ChargeSet? ChargeSet { get; init; }

    public required string? EndUser { get; init; }

    public required string RequestedModel { get; init; }

    public CounterKey DayKey => CounterKey.OfUser(UserId, PeriodKind.Day, Day);

    public CounterKey MonthKey => CounterKey.OfUser(UserId, PeriodKind.Month, Month);

    /// <summary>Whether a record that was read counts for the same as this one, with the same held amounts.</summary>
    public bool IsSameAs(CountedRecord read) =>
        (UserId, Day, Month, At) == (read.UserId, read.Day, read.Month, read.At)
        && (HeldNanoUsd, HeldTokens) == (read.HeldNanoUsd, read.HeldTokens)
        && (ApiKeyId, ChargeSetId, EndUser, RequestedModel) == (read.ApiKeyId, read.ChargeSetId, read.EndUser, read.RequestedModel);

    public static CountedRecord Of(Hold hold) => new()
    {
        UserId = hold.UserId,
        Day = DayConverter.ToNumber(QuotaPeriod.DayOf(hold.At).Start),
        Month = DayConverter.ToNumber(QuotaPeriod.MonthOf(hold.At).Start),
        HeldNanoUsd = hold.HeldNanoUsd,
        HeldTokens = hold.HeldTokens,
        At = hold.At.ToUnixTimeMilliseconds(),
        ApiKeyId = hold.ApiKeyId,
        ChargeSetId = hold.ChargeSet?.Id,
        ChargeSet = hold.ChargeSet,
        EndUser = hold.EndUser,
        RequestedModel = hold.RequestedModel,
    };
}

/// <summary>A usage record that was just settled.</summary>
/// <param name="Record">The record.</param>
/// <param name="Settlement">The settlement.</param>
/// <param name="HasExpired">Whether its maximum cost had been charged before.</param>
internal readonly record struct SettledRecord(CountedRecord Record, Settlement Settlement, bool HasExpired)
{
    /// <summary>The change of its counters.</summary>
    public CounterChange Change
    {
        get
        {
            var held = new HeldAmount(Record.HeldNanoUsd, Record.HeldTokens);
            var charged = new HeldAmount(
                Settlement.CostNanoUsd, checked(Settlement.Usage.PromptTokens + Settlement.Usage.CompletionTokens));
            return (Settlement.Status, HasExpired) switch
            {
                (UsageStatus.Released, false) => CounterChange.Release(held),
                (UsageStatus.Released, true) => CounterChange.ReleaseExpired(held),
                (_, false) => CounterChange.Settle(held, charged),
                (_, true) => CounterChange.SettleExpired(held, charged),
            };
        }
    }
}
