using AiGateway.Application;

namespace AiGateway.Api.Contracts;

/// <summary>A user to create.</summary>
public sealed record CreateUserRequest
{
    /// <summary>Display name, 1 to 200 characters.</summary>
    /// <example>Billing app</example>
    public string? Name { get; init; }
}

/// <summary>Changes of a user; a member that is left out stays as it is.</summary>
public sealed record UpdateUserRequest
{
    /// <summary>Display name, 1 to 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the user is refused.</summary>
    public bool? Disabled { get; init; }
}

/// <summary>The team of a user.</summary>
public sealed record UserTeamRequest
{
    private readonly Optional<Guid?> _teamId;

    /// <summary>The team; null takes the user out of its team. Required.</summary>
    public Guid? TeamId
    {
        get => _teamId.Value;
        init => _teamId = new(value);
    }

    internal Optional<Guid?> NewTeamId => _teamId;
}

/// <summary>A user.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Name">Display name.</param>
/// <param name="ExternalId">Issuer and subject of the user's JWT; null for users created through this API.</param>
/// <param name="Disabled">Whether the user is refused.</param>
/// <param name="CreatedAt">When the user was created.</param>
/// <param name="TeamId">The team of the user; null: none.</param>
public sealed record UserResponse(Guid Id, string Name, string? ExternalId, bool Disabled, DateTimeOffset CreatedAt, Guid? TeamId);

/// <summary>One page of users, oldest first.</summary>
/// <param name="Items">The users.</param>
/// <param name="Next">Give this as <c>next</c> to get the following page; null: this is the last one.</param>
public sealed record UserListResponse(IReadOnlyList<UserResponse> Items, Guid? Next);
