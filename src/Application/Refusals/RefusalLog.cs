using AiGateway.Domain;

namespace AiGateway.Application.Refusals;

/// <summary>
/// Who was refused by which limit, in memory, of this gateway since its start. Each scope, limit, user and key has one line.
/// </summary>
public sealed class RefusalLog(TimeProvider time)
{
    /// <summary>The limit of requests a minute of a gateway process, which is no row.</summary>
    public const string GatewayRate = "gateway_requests_per_minute";

    /// <summary>How long a line is kept after its last refusal.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    /// <summary>Most lines. The one whose last refusal is oldest makes way.</summary>
    public const int Capacity = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<RefusedBy, (long Count, DateTimeOffset FirstAt, DateTimeOffset LastAt)> _lines = [];

    /// <summary>Since when refusals are noted.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>Notes a refusal by a budget, a quota or a rate.</summary>
    public void Note(Caller caller, QuotaRefusal refusal) =>
        Note(new RefusedBy(refusal.Scope?.Kind, refusal.Scope?.Id, refusal.LimitName, caller.UserId, caller.ApiKeyId));

    /// <summary>Notes a refusal by the limit of requests a minute of this gateway process.</summary>
    public void NoteRate(Caller caller) => Note(new RefusedBy(null, null, GatewayRate, caller.UserId, caller.ApiKeyId));

    /// <summary>The lines of the last day, newest first.</summary>
    public IReadOnlyList<RefusalLine> Read()
    {
        lock (_gate)
        {
            var oldest = time.GetUtcNow() - Memory;
            foreach (var old in _lines.Where(line => line.Value.LastAt < oldest).Select(line => line.Key).ToList()) _lines.Remove(old);
            return [.. _lines.OrderByDescending(line => line.Value.LastAt).Select(line => new RefusalLine(line.Key, line.Value.Count, line.Value.FirstAt, line.Value.LastAt))];
        }
    }

    private void Note(RefusedBy by)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var isKnown = _lines.TryGetValue(by, out var line);
            if (!isKnown && _lines.Count >= Capacity) _lines.Remove(_lines.MinBy(each => each.Value.LastAt).Key);
            _lines[by] = (line.Count + 1, isKnown ? line.FirstAt : now, now);
        }
    }
}

/// <summary>Who was refused, and by which limit.</summary>
/// <param name="Kind">The kind of the scope of the limit; null: the limits of each user.</param>
/// <param name="ScopeId">Its id; null: the limits of each user.</param>
/// <param name="Limit">The limit, such as <c>monthly_spend</c>.</param>
/// <param name="UserId">The user.</param>
/// <param name="ApiKeyId">The key; null: a token or a person.</param>
public sealed record RefusedBy(ScopeKind? Kind, Guid? ScopeId, string Limit, Guid UserId, Guid? ApiKeyId);

/// <summary>The refusals of one user and key by one limit.</summary>
/// <param name="By">Who, and by which limit.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstAt">The first one.</param>
/// <param name="LastAt">The last one.</param>
public sealed record RefusalLine(RefusedBy By, long Count, DateTimeOffset FirstAt, DateTimeOffset LastAt);
