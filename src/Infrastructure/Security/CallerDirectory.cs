using AiGateway.Application;
using AiGateway.Application.Ports;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Security;

internal sealed class CallerDirectory : ICallerDirectory
{
    /// <summary>How long a change made by another process, such as a revocation, may stay unseen.</summary>
    public static readonly TimeSpan Staleness = TimeSpan.FromSeconds(5);

    /// <summary>Most keys, and most subjects, that are remembered; unknown keys count.</summary>
    public const int Capacity = 10_000;

    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly BoundedLookups<KeyHash, KeyHolder?> _keys;
    private readonly BoundedLookups<TokenSubject, SubjectAnswer> _subjects;

    public CallerDirectory(CallerQueries queries, LedgerSettings ledger, TimeProvider time)
    {
        _patience = ledger.CommitTimeout;
        _time = time;
        _keys = new(Capacity, Staleness, time, hash => queries.FindByHashAsync(hash.ToBytes()));
        _subjects = new(Capacity, Staleness, time, queries.FindBySubjectAsync);
    }

    public int Remembered => _keys.Count + _subjects.Count;

    public ValueTask<Caller?> FindByKeyAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length is 0 or > KeyHash.MaxSecretLength) return default;
        var hash = KeyHash.Of(secret);
        var holder = _keys.GetAsync(hash, cancellationToken);
        return holder.IsCompletedSuccessfully ? new(Accept(holder.Result, hash)) : AcceptAsync(holder, hash);
    }

    public ValueTask<Caller?> FindBySubjectAsync(
        string issuer, string subject, string? name, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        // What cannot be stored whole cannot be told apart.
        if (issuer.Length + 1 + subject.Length > StoredText.ExternalIdLength
            || !StoredText.IsStorable(issuer) || !StoredText.IsStorable(subject)) return default;
        var answer = _subjects.GetAsync(new TokenSubject(issuer, subject, name), cancellationToken);
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

    private async ValueTask<Caller?> AcceptAsync(ValueTask<KeyHolder?> holder, KeyHash hash) =>
        Accept(await ReachedAsync(holder), hash);

    private static Caller? WithScopes(SubjectAnswer answer, IReadOnlyList<string> scopes)
    {
        if (answer.IsOneTooMany) throw TooManyUsers();
        return answer.Caller is null ? null : answer.Caller with { Scopes = scopes };
    }

    private async ValueTask<Caller?> WithScopesAsync(ValueTask<SubjectAnswer> answer, IReadOnlyList<string> scopes) =>
        WithScopes(await ReachedAsync(answer), scopes);

    private static AiGatewayException TooManyUsers() => new(
        ErrorCode.PermissionDenied,
        "The gateway has no user for this token's subject, and makes no more: the limit of users made for tokens is reached. "
        + "Ask its administrator to raise Jwt:MaxUsers, or for an API key.");

    private Task<TAnswer> ReachedAsync<TAnswer>(ValueTask<TAnswer> answer) => answer.AsTask().ReachedWithinAsync(_patience, _time);
}
