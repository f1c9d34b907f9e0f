using AiGateway.Application;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Security;

/// <summary>Queries the caller of a key or a token.</summary>
internal sealed class CallerQueries(IDbContextFactory<GatewayContext> contexts, UserStore users, TokenUserSettings tokenUsers, TimeProvider time)
{
    /// <summary>Null when the key is unknown or revoked, or its user disabled.</summary>
    public async Task<KeyHolder?> FindByHashAsync(byte[] hash)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var found = await context.ApiKeys
            .Where(key => key.Hash == hash && key.RevokedAt == null && !key.User!.Disabled)
            .Select(key => new
            {
                key.Id,
                key.Hash,
                key.Scopes,
                key.ExpiresAt,
                key.UserId,
                key.User!.Name,
                key.User.Preference!.Model,
                key.User.Preference.Provider,
            })
            .SingleOrDefaultAsync();
        if (found is null) return null;
        var scopes = found.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var caller = new Caller(found.UserId, found.Name, found.Id, scopes, found.Model, found.Provider);
        return new KeyHolder(found.Hash, found.ExpiresAt, caller);
    }

    /// <summary>The user of the subject, created for a new subject while the limit allows it.</summary>
    public async Task<SubjectAnswer> FindBySubjectAsync(TokenSubject subject)
    {
        if (await FindAsync(subject.ExternalId) is { } known) return new(known.Disabled ? null : known.Caller);
        if (!await users.AddIfNewAsync(ToUser(subject), tokenUsers, CancellationToken.None)) return new(null, IsOneTooMany: true);
        return new(await FindAsync(subject.ExternalId) is { Disabled: false } added ? added.Caller : null);
    }

    private async Task<(bool Disabled, Caller Caller)?> FindAsync(string externalId)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var user = await context.Users.AsNoTracking().Include(each => each.Preference)
            .SingleOrDefaultAsync(each => each.ExternalId == externalId);

        // Compared ordinally, whatever the collation of the database.
        if (user is null || user.ExternalId != externalId) return null;
        return (user.Disabled, new Caller(user.Id, user.Name, null, [], user.Preference?.Model, user.Preference?.Provider));
    }

    private User ToUser(TokenSubject subject)
    {
        var now = time.GetUtcNow();
        return new User
        {
            Id = Guid.CreateVersion7(now),
            Name = NameOf(subject),
            ExternalId = subject.ExternalId,
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
internal sealed record KeyHolder(byte[] Hash, DateTimeOffset? ExpiresAt, Caller Caller);

/// <summary>The owner of a token.</summary>
/// <param name="Caller">Null when the user is disabled, or the limit of users is reached.</param>
/// <param name="IsOneTooMany">Whether the subject has no user, and the limit of users is reached.</param>
internal readonly record struct SubjectAnswer(Caller? Caller, bool IsOneTooMany = false);

/// <summary>The subject of a token.</summary>
internal readonly record struct TokenSubject(string Issuer, string Subject, string? Name)
{
    public string ExternalId => $"{Issuer}|{Subject}";
}
