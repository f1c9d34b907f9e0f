using AiGateway.Application;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Security;

/// <summary>Asks the database who stands behind a key or a token.</summary>
internal sealed class CallerQueries(IDbContextFactory<GatewayContext> contexts, UserStore users, TimeProvider time)
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

    /// <summary>The user of the subject, made at first sight; null when the user is disabled.</summary>
    public async Task<Caller?> FindBySubjectAsync(TokenSubject subject)
    {
        if (await FindAsync(subject.ExternalId) is { } known) return known.Disabled ? null : known.Caller;
        await users.AddIfNewAsync(ToUser(subject), CancellationToken.None);
        return await FindAsync(subject.ExternalId) is { Disabled: false } added ? added.Caller : null;
    }

    private async Task<(bool Disabled, Caller Caller)?> FindAsync(string externalId)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var user = await context.Users.AsNoTracking().Include(each => each.Preference)
            .SingleOrDefaultAsync(each => each.ExternalId == externalId);

        // By every character, whatever the database takes for equal.
        if (user is null || user.ExternalId != externalId) return null;
        return (user.Disabled, new Caller(user.Id, user.Name, null, [], user.Preference?.Model, user.Preference?.Provider));
    }

    private User ToUser(TokenSubject subject)
    {
        var now = time.GetUtcNow();
        var name = string.IsNullOrWhiteSpace(subject.Name) ? subject.Subject : subject.Name;
        return new User
        {
            Id = Guid.CreateVersion7(now),
            Name = StoredText.Fit(name, StoredText.NameLength),
            ExternalId = subject.ExternalId,
            CreatedAt = now,
        };
    }
}

/// <summary>Who holds a key; expiry is left to the moment of use.</summary>
internal sealed record KeyHolder(byte[] Hash, DateTimeOffset? ExpiresAt, Caller Caller);

/// <summary>Whom a token speaks of.</summary>
internal readonly record struct TokenSubject(string Issuer, string Subject, string? Name)
{
    public string ExternalId => $"{Issuer}|{Subject}";
}
