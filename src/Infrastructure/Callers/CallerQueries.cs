using AiGateway.Application;
using AiGateway.Application.Users;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Mapping;
using AiGateway.Infrastructure.Persistence.Stores;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Callers;

/// <summary>Queries the caller of a key or a token.</summary>
internal sealed class CallerQueries(IDbContextFactory<GatewayContext> contexts, UserStore users, TokenUserSettings tokenUsers, TimeProvider time)
{
    private static readonly CallerRefusal TooManyUsers = new(
        ErrorCode.PermissionDenied,
        "The gateway has no user for this token's subject and cannot create one: the limit of users created for tokens is reached. "
        + "Ask an administrator to raise Jwt:MaxUsers, or to give you an API key.");

    /// <summary>Null when the key is unknown or revoked, or its user disabled.</summary>
    public async Task<KeyHolder?> FindByHashAsync(byte[] hash) =>
        await contexts.ReadAsync(KeyRow.Query, [("@hash", hash), ("@no", false)], KeyRow.Of, CancellationToken.None) is [var found, ..]
            ? found.ToHolder(hash)
            : null;

    /// <summary>
    /// The user of the subject, created for a new subject while the limit allows it. Nobody is created for a token that names
    /// an unknown team or project.
    /// </summary>
    public async Task<SubjectAnswer> FindBySubjectAsync(TokenSubject subject)
    {
        Scope? named = null;
        if (subject.Path is { Id: { } id, Kind: var kind })
        {
            named = await FindScopeAsync(kind, id);
            if (named is null) return new(null, new CallerRefusal(ErrorCode.PermissionDenied, $"The token names the {kind.ToName()} {id}, which does not exist. Ask an administrator."));
        }

        if (await FindAsync(subject.ExternalId, named) is { } known) return known;
        if (tokenUsers.TeamId is { } team && await FindScopeAsync(ScopeKind.Team, team) is null) return new(null, NoTeam(team));
        if (!await users.AddIfNewAsync(ToUser(subject), tokenUsers, CancellationToken.None)) return new(null, TooManyUsers);
        return await FindAsync(subject.ExternalId, named) ?? default;
    }

    private async Task<SubjectAnswer?> FindAsync(string externalId, Scope? named)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var found = await (
            from user in context.Users.AsNoTracking()
            where user.ExternalId == externalId
            join scope in context.Scopes on user.TeamId equals (Guid?)scope.Id into above
            from team in above.DefaultIfEmpty()
            select new { user, user.Preference!.Model, user.Preference.Provider, team, team!.Parent })
            .AsNoTracking()
            .SingleOrDefaultAsync();

        // Compared ordinally, whatever the collation of the database.
        if (found is null || found.user.ExternalId != externalId) return null;
        if (found.user.Disabled) return default(SubjectAnswer);
        var scopes = named is null
            ? new CallerScopes(found.team, found.Parent, null)
            : new CallerScopes(named, named.Parent, named.Parent?.Parent);
        var caller = new Caller(found.user.Id, found.user.Name, null, [], found.Model, found.Provider);
        return new SubjectAnswer(scopes.Complete(caller, key: null), scopes.FindRefusal());
    }

    private async Task<Scope?> FindScopeAsync(ScopeKind kind, Guid id)
    {
        await using var context = await contexts.CreateDbContextAsync();
        return await context.Scopes.AsNoTracking().Include(scope => scope.Parent!.Parent)
            .SingleOrDefaultAsync(scope => scope.Id == id && scope.Kind == kind);
    }

    private static CallerRefusal NoTeam(Guid id) => new(
        ErrorCode.PermissionDenied,
        $"The gateway cannot create a user for this token's subject: the team {id} of Jwt:DefaultTeam does not exist. Ask an administrator.");

    private User ToUser(TokenSubject subject)
    {
        var now = time.GetUtcNow();
        return new User
        {
            Id = Guid.CreateVersion7(now),
            Name = NameOf(subject),
            ExternalId = subject.ExternalId,
            TeamId = tokenUsers.TeamId,
            CreatedAt = now,
        };
    }

    private static string NameOf(TokenSubject subject)
    {
        if (Printable(subject.Name) is { } name) return name;
        return Printable(subject.Subject) ?? "unnamed";
    }

    /// <summary>The storable part of an outside name, without control characters; null when it is blank.</summary>
    private static string? Printable(string? name)
    {
        var printable = string.Concat((name ?? "").Where(character => !char.IsControl(character)));
        return string.IsNullOrWhiteSpace(printable) ? null : StoredText.Fit(printable, StoredText.NameLength);
    }
}

/// <summary>The owner of a key; expiry is checked at use.</summary>
/// <param name="Hash">The hash of its secret, or of the one before the last rotation.</param>
/// <param name="ExpiresAt">Time from which it is refused.</param>
/// <param name="Caller">The caller.</param>
/// <param name="Refusal">Why the caller is refused; null: it is not.</param>
internal sealed record KeyHolder(byte[] Hash, DateTimeOffset? ExpiresAt, Caller Caller, CallerRefusal? Refusal);

/// <summary>The owner of a token.</summary>
/// <param name="Caller">Null when the user is disabled, or none was created.</param>
/// <param name="Refusal">Why the caller is refused; null: it is not.</param>
internal readonly record struct SubjectAnswer(Caller? Caller, CallerRefusal? Refusal);

/// <summary>The subject of a token.</summary>
internal readonly record struct TokenSubject(string Issuer, string Subject, string? Name, TokenPath Path)
{
    public string ExternalId => $"{Issuer}|{Subject}";
}
