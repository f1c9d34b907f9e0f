using System.Net;
using AiGateway.Application;
using AiGateway.Application.Users;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Mapping;

namespace AiGateway.Infrastructure.Callers;

internal sealed class CallerDirectory : ICallerDirectory
{
    /// <summary>How long a change made by another process, such as a revocation, may stay unseen.</summary>
    public static readonly TimeSpan Staleness = TimeSpan.FromSeconds(5);

    /// <summary>Most cached keys, and most cached subjects; unknown keys count.</summary>
    public const int Capacity = 10_000;

    /// <summary>Most look-ups in the database at once.</summary>
    public const int LookupsAtOnce = 16;

    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly GoodKeys _good;
    private readonly LookupCache<KeyHash, KeyHolder?> _keys;
    private readonly LookupCache<TokenSubject, SubjectAnswer> _subjects;

    public CallerDirectory(CallerQueries queries, LedgerSettings ledger, TimeProvider time)
    {
        _patience = ledger.CommitTimeout;
        _time = time;
        _good = new(time);
        var turns = new FairLookups(LookupsAtOnce);
        _keys = new(Capacity, Staleness, time, (hash, address) => turns.RunAsync(address, () => queries.FindByHashAsync(hash.ToBytes())));
        _subjects = new(Capacity, Staleness, time, (subject, _) => turns.RunAsync(null, () => queries.FindBySubjectAsync(subject)));
    }

    public int Remembered => _keys.Count + _subjects.Count;

    public RecalledKey Recall(string secret)
    {
        if (!IsPossible(secret)) return new(IsKnown: true, null, WasGood: false);
        var hash = KeyHash.Of(secret);
        if (!_keys.TryGet(hash, out var holder) || holder?.Refusal is not null)
            return new(IsKnown: false, null, _good.Contains(hash), _keys.IsPending(hash));
        var caller = Accept(holder, hash);
        return new(IsKnown: true, caller, WasGood: caller is not null || _good.Contains(hash));
    }

    public async ValueTask<Caller?> FindByKeyAsync(string secret, IPAddress? address, CancellationToken cancellationToken)
    {
        return IsPossible(secret) ? await FindAsync(KeyHash.Of(secret), address, cancellationToken) : null;
    }

    public ValueTask<Caller?> FindByKeyHashAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) =>
        KeyHash.TryRead(hash.Span, out var key) ? FindAsync(key, null, cancellationToken) : default;

    private async ValueTask<Caller?> FindAsync(KeyHash hash, IPAddress? address, CancellationToken cancellationToken)
    {
        var holder = await ReachedAsync(_keys.GetAsync(hash, address, cancellationToken));
        var caller = Accept(holder, hash);
        if (caller is null || holder!.Refusal is not null) _good.Remove(hash);
        else _good.Add(hash);
        return caller is not null && holder!.Refusal is { } refusal ? throw refusal.ToException() : caller;
    }

    public ValueTask<Caller?> FindBySubjectAsync(
        string issuer, string subject, string? name, TokenPath path, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        // Texts that do not fit the column would be cut and could collide. SQL Server ignores trailing blanks.
        if (subject.EndsWith(' ') || issuer.Length + 1 + subject.Length > StoredText.ExternalIdLength
            || !StorableText.IsStorable(issuer) || !StorableText.IsStorable(subject)) return default;
        var answer = _subjects.GetAsync(new TokenSubject(issuer, subject, name, path), null, cancellationToken);
        return answer.IsCompletedSuccessfully ? new(WithScopes(answer.Result, scopes)) : WithScopesAsync(answer, scopes);
    }

    public void Forget()
    {
        _keys.Clear();
        _subjects.Clear();
    }

    public void Forget(Guid userId)
    {
        _keys.Remove(holder => holder?.Caller.UserId == userId);
        _subjects.Remove(answer => answer.Caller?.UserId == userId);
    }

    private Caller? Accept(KeyHolder? holder, KeyHash hash)
    {
        if (holder is null || !hash.Matches(holder.Hash)) return null;
        return holder.ExpiresAt is { } end && end <= _time.GetUtcNow() ? null : holder.Caller;
    }

    private static bool IsPossible(string secret) => secret.Length is > 0 and <= KeyHash.MaxSecretLength;

    private static Caller? WithScopes(SubjectAnswer answer, IReadOnlyList<string> scopes)
    {
        if (answer.Refusal is { } refusal) throw refusal.ToException();
        return answer.Caller is null ? null : answer.Caller with { Scopes = scopes };
    }

    private async ValueTask<Caller?> WithScopesAsync(ValueTask<SubjectAnswer> answer, IReadOnlyList<string> scopes) =>
        WithScopes(await ReachedAsync(answer), scopes);

    private Task<TAnswer> ReachedAsync<TAnswer>(ValueTask<TAnswer> answer) => answer.AsTask().ReachedWithinAsync(_patience, _time);
}
