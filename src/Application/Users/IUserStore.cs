using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.Users;

/// <summary>Users and their preferences.</summary>
public interface IUserStore
{
    /// <summary>Adds a user.</summary>
    Task AddAsync(User user, Actor by, CancellationToken cancellationToken);

    /// <summary>A user, or null.</summary>
    Task<User?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Users, oldest first.</summary>
    Task<IReadOnlyList<User>> ListAsync(UserFilter filter, CancellationToken cancellationToken);

    /// <summary>Changes name or state; null keeps the value. Null when there is no such user.</summary>
    /// <exception cref="LastAdministratorException">
    /// No other user has an active administrator key; nothing was changed.
    /// </exception>
    Task<User?> UpdateAsync(Guid id, string? name, bool? disabled, Actor by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Sets the team of a user; null: none. Null when there is no such user.</summary>
    /// <exception cref="InvalidRequestException">The team does not exist; nothing was changed.</exception>
    /// <exception cref="LastAdministratorException">Every administrator key would be refused; nothing was changed.</exception>
    Task<User?> SetTeamAsync(Guid id, Guid? teamId, Actor by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The user's preference, or null.</summary>
    Task<UserModelPreference?> FindPreferenceAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>Sets the user's preference.</summary>
    Task SavePreferenceAsync(UserModelPreference preference, CancellationToken cancellationToken);
}

/// <summary>Which users to list.</summary>
/// <param name="Reach">What the administrator who asks may see.</param>
/// <param name="After">Only users after this one: the end of the previous page; null: from the first.</param>
/// <param name="Limit">Most users to return.</param>
public sealed record UserFilter(AdminReach Reach, Guid? After, int Limit)
{
    /// <summary>Only users of this team; null: all.</summary>
    public Guid? TeamId { get; init; }
}
