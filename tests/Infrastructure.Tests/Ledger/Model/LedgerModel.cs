using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Tests.Ledger.Budgets;

namespace AiGateway.Infrastructure.Tests.Ledger.Model;

/// <summary>What the ledger promises, short enough to check by reading. The model keeps the requests and computes every figure from them.</summary>
internal sealed class LedgerModel(QuotaLimits defaults, ScopePath path)
{
    private readonly Guid _organisation = path.IdOf(ScopeKind.Organisation);
    private readonly Guid _team = path.IdOf(ScopeKind.Team);

    private readonly List<ModelledRequest> _requests = [];
    private readonly Dictionary<Guid, QuotaLimits> _limits = [];

    /// <summary>The requests whose hold was granted, in that order.</summary>
    public IReadOnlyList<ModelledRequest> Requests => _requests;

    /// <summary>The limits of a user, or of a scope above.</summary>
    public QuotaLimits LimitsOf(Guid scope) => _limits.GetValueOrDefault(scope, IsAbove(scope) ? QuotaLimits.Unlimited : defaults);

    public void SetLimits(Guid scope, QuotaLimits limits) => _limits[scope] = limits;

    /// <summary>Whether it is the organisation or the team. All requests count for both.</summary>
    public bool IsAbove(Guid scope) => scope == _organisation || scope == _team;

    public ModelledAnswer Hold(Hold hold)
    {
        var (day, month) = (DayOf(hold.At), MonthOf(hold.At));
        foreach (var scope in (Guid[])[hold.UserId, _team, _organisation])
        {
            var limits = LimitsOf(scope);
            var ofDay = Sum(scope, request => request.Day == day);
            var ofMonth = Sum(scope, request => request.Month == month);
            if (ofDay.Requests + 1 > limits.DailyRequests) return ModelledAnswer.Refused;
            if (ofMonth.Requests + 1 > limits.MonthlyRequests) return ModelledAnswer.Refused;
            if (ofMonth.Settled + ofMonth.Held + hold.HeldNanoUsd > limits.MonthlySpendNanoUsd) return ModelledAnswer.Refused;
        }

        if (_requests.Exists(request => request.Id == hold.RequestId)) return ModelledAnswer.Conflict;
        _requests.Add(new ModelledRequest { Id = hold.RequestId, User = hold.UserId, Held = hold.HeldNanoUsd, Day = day, Month = month });
        return ModelledAnswer.Granted;
    }

    /// <summary>Settles or releases a request that is held or expired. Every other settlement is ignored.</summary>
    public void Settle(Settlement settlement)
    {
        var request = _requests.Find(each => each.Id == settlement.RequestId);
        if (request?.Status is UsageStatus.Held or UsageStatus.Expired)
            (request.Status, request.Cost) = (settlement.Status, settlement.CostNanoUsd);
    }

    /// <summary>The gateway has died, and no current hold is renewed any more.</summary>
    public void Crash() => _requests.ForEach(request => request.IsOrphan = true);

    /// <summary>More time than a lease passes.</summary>
    public void Expire()
    {
        foreach (var request in _requests.Where(each => each is { Status: UsageStatus.Held, IsOrphan: true }))
            (request.Status, request.Cost) = (UsageStatus.Expired, request.Held);
    }

    public IEnumerable<RecordLine> Records => _requests.Select(each =>
        new RecordLine(each.Id, each.User, each.Day, each.Month, each.Status, each.Held, each.Cost));

    /// <summary>The counters of users that are not all zero.</summary>
    public IEnumerable<CounterLine> Counters
    {
        get
        {
            var days = _requests.Select(each => (each.User, Kind: PeriodKind.Day, Start: each.Day)).Distinct()
                .Select(key => Sum(key.User, each => each.Day == key.Start) with { Kind = key.Kind, Start = key.Start });
            var months = _requests.Select(each => (each.User, Kind: PeriodKind.Month, Start: each.Month)).Distinct()
                .Select(key => Sum(key.User, each => each.Month == key.Start) with { Kind = key.Kind, Start = key.Start });
            return days.Concat(months).Where(line => line is not { Requests: 0, Settled: 0, Held: 0 });
        }
    }

    private CounterLine Sum(Guid scope, Predicate<ModelledRequest> isCounted)
    {
        var counted = _requests.FindAll(each => (each.User == scope || IsAbove(scope)) && each.Status != UsageStatus.Released && isCounted(each));
        var held = counted.FindAll(each => each.Status == UsageStatus.Held);
        return new CounterLine(scope, default, default, counted.Count, counted.Except(held).Sum(each => each.Cost), held.Sum(each => each.Held));
    }

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private static DateOnly MonthOf(DateTimeOffset at) => new(at.UtcDateTime.Year, at.UtcDateTime.Month, 1);
}

internal sealed class ModelledRequest
{
    public required Guid Id { get; init; }

    public required Guid User { get; init; }

    public required DateOnly Day { get; init; }

    public required DateOnly Month { get; init; }

    public required long Held { get; init; }

    public UsageStatus Status { get; set; }

    public long Cost { get; set; }

    public bool IsOrphan { get; set; }
}

internal enum ModelledAnswer
{
    Granted,
    Refused,
    Conflict,

    /// <summary>Possible only while the database fails. The request does not count.</summary>
    Unavailable,
}

/// <summary>The parts of a usage record on which the ledger depends.</summary>
internal sealed record RecordLine(Guid Id, Guid User, DateOnly Day, DateOnly Month, UsageStatus Status, long Held, long Cost);

/// <summary>One row of the counters of a user, or of a scope above.</summary>
internal sealed record CounterLine(Guid Scope, PeriodKind Kind, DateOnly Start, long Requests, long Settled, long Held);
