using AiGateway.Domain;

namespace AiGateway.Application.Alerts;

/// <summary>Gathers requests in trouble, so a storm of them becomes one event a minute and kind of trouble.</summary>
/// <param name="time">The clock.</param>
public sealed class TroubledRecords(TimeProvider time)
{
    /// <summary>Requests that an event names.</summary>
    public const int MostNamed = 10;

    /// <summary>The shortest time between two events of one kind of trouble.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Gathered _expired = new(AlertProblem.Expired);
    private readonly Gathered _unknown = new(AlertProblem.Unknown);

    /// <summary>A hold expired. The ledger knows its user and its time here, not its id.</summary>
    public void AddExpired(Guid userId, DateTimeOffset at) => Add(_expired, new(null, userId, at));

    /// <summary>A request ended with an unknown outcome.</summary>
    public void AddUnknown(Guid requestId) => Add(_unknown, new(requestId, default, default));

    /// <summary>What is to be told now. It is taken out.</summary>
    public IReadOnlyList<RecordTrouble> Take()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return [.. new[] { _expired.TryTake(now), _unknown.TryTake(now) }.OfType<RecordTrouble>()];
        }
    }

    /// <summary>Puts back what could not be told. It is told with what comes later.</summary>
    public void Return(RecordTrouble trouble)
    {
        lock (_gate) (trouble.Problem == AlertProblem.Expired ? _expired : _unknown).Return(trouble);
    }

    private void Add(Gathered gathered, TroubledRecord record)
    {
        lock (_gate) gathered.Add(record);
    }

    private sealed class Gathered(AlertProblem problem)
    {
        private List<TroubledRecord> _first = [];
        private long _count;
        private DateTimeOffset? _lastTaken;

        public void Add(TroubledRecord record)
        {
            _count++;
            if (_first.Count < MostNamed) _first.Add(record);
        }

        public RecordTrouble? TryTake(DateTimeOffset now)
        {
            if (_count == 0 || now - _lastTaken < Interval) return null;
            var taken = new RecordTrouble(problem, _count, _first, now);
            (_first, _count, _lastTaken) = ([], 0, now);
            return taken;
        }

        public void Return(RecordTrouble trouble)
        {
            _first = [.. trouble.First.Concat(_first).Take(MostNamed)];
            _count += trouble.Count;
        }
    }
}
