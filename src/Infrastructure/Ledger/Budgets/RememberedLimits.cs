using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;

namespace AiGateway.Infrastructure.Ledger.Budgets;

/// <summary>
/// What records count for, by the facts that decide it. It is the same for all records with the same facts that came on the
/// same days of all their scopes' time zones.
/// </summary>
internal sealed class RememberedLimits
{
    private const int MostRemembered = 10_000;

    private readonly Dictionary<Facts, Remembered> _limits = [];

    public void Clear() => _limits.Clear();

    /// <summary>The limits of a record; null: they are not known.</summary>
    public CountedLimits? Find(CountedRecord record) =>
        _limits.TryGetValue(Facts.Of(record), out var found) && record.At >= found.From && record.At < found.To ? found.Limits : null;

    /// <summary>Keeps the limits of a record.</summary>
    public void Add(CountedRecord record, CountedRequest request, CountedLimits limits)
    {
        if (_limits.Count >= MostRemembered) _limits.Clear();
        var (from, to) = (long.MinValue, long.MaxValue);
        foreach (var scope in request.Scopes())
        {
            var day = LocalDays.DayOf(request.At, scope.TimeZone);
            from = Math.Max(from, LocalDays.BeginningOf(day, scope.TimeZone).ToUnixTimeMilliseconds());
            to = Math.Min(to, LocalDays.BeginningOf(day.AddDays(1), scope.TimeZone).ToUnixTimeMilliseconds());
        }

        _limits[Facts.Of(record)] = new(limits, from, to);
    }

    private readonly record struct Facts(Guid UserId, Guid? ApiKeyId, Guid? ChargeSetId, string RequestedModel, string? EndUser)
    {
        public static Facts Of(CountedRecord record) =>
            new(record.UserId, record.ApiKeyId, record.ChargeSetId, record.RequestedModel, record.EndUser);
    }

    private readonly record struct Remembered(CountedLimits Limits, long From, long To);
}
