using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.ApiKeys;

/// <summary>API keys, without their secrets.</summary>
public interface IApiKeyStore
{
    /// <summary>Adds a key.</summary>
    /// <exception cref="InvalidRequestException">Its team or project does not exist; nothing was added.</exception>
    Task AddAsync(ApiKey key, Actor by, CancellationToken cancellationToken);

    /// <summary>A key, or null.</summary>
    Task<ApiKey?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Keys, oldest first.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(KeyFilter filter, CancellationToken cancellationToken);

    /// <summary>Changes a key. Null when there is no such key.</summary>
    /// <exception cref="InvalidRequestException">Its new team or project does not exist; nothing was changed.</exception>
    /// <exception cref="LastAdministratorException">Every administrator key would be refused; nothing was changed.</exception>
    Task<ApiKey?> UpdateAsync(Guid id, KeyChanges changes, Actor by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Replaces the secret of a key. Null when there is no such key.</summary>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.Conflict"/>: the key is revoked; nothing was changed.</exception>
    Task<ApiKey?> RotateAsync(Guid id, KeyRotation rotation, Actor by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Revokes a key; a second revocation keeps the first time. False when there is no such key.</summary>
    /// <exception cref="LastAdministratorException">No other active administrator key exists; nothing was changed.</exception>
    Task<bool> RevokeAsync(Guid id, Actor by, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>A new secret of a key.</summary>
/// <param name="Prefix">The part of it that may be shown.</param>
/// <param name="Hash">Its SHA-256.</param>
/// <param name="PreviousValidUntil">Time from which the present secret is refused; null: it ends at once.</param>
public sealed record KeyRotation(string Prefix, byte[] Hash, DateTimeOffset? PreviousValidUntil);

/// <summary>Changes of a key, in stored form. What is left out stays.</summary>
public sealed record KeyChanges
{
    /// <summary>The new name; null keeps it.</summary>
    public string? Name { get; init; }

    /// <summary>The new note.</summary>
    public Optional<string?> Description { get; init; }

    /// <summary>The new tags.</summary>
    public Optional<string?> Tags { get; init; }

    /// <summary>The new expiry.</summary>
    public Optional<DateTimeOffset?> ExpiresAt { get; init; }

    /// <summary>The new models.</summary>
    public Optional<string?> AllowedModels { get; init; }

    /// <summary>The new networks.</summary>
    public Optional<string?> AllowedNetworks { get; init; }

    /// <summary>The new team. It takes the place of a project.</summary>
    public Optional<Guid?> TeamId { get; init; }

    /// <summary>The new project. It takes the place of a team.</summary>
    public Optional<Guid?> ProjectId { get; init; }
}

/// <summary>Which keys to list.</summary>
/// <param name="Reach">What the administrator who asks may see.</param>
/// <param name="UserId">Only keys of this user; null: of all.</param>
/// <param name="After">Only keys after this one: the end of the previous page; null: from the first.</param>
/// <param name="Limit">Most keys to return.</param>
public sealed record KeyFilter(AdminReach Reach, Guid? UserId, Guid? After, int Limit)
{
    /// <summary>Only keys whose path has this team; null: all.</summary>
    public Guid? TeamId { get; init; }
}
