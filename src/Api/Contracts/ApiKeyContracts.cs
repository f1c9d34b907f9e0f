using AiGateway.Application;

namespace AiGateway.Api.Contracts;

/// <summary>A key to create.</summary>
public sealed record CreateApiKeyRequest
{
    /// <summary>The owner of the key.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The purpose of the key, 1 to 200 characters.</summary>
    /// <example>web front end</example>
    public string? Name { get; init; }

    /// <summary>Any of <c>ai:generate</c>, <c>ai:usage</c> and <c>ai:admin</c>; left out: <c>ai:generate</c>.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Time from which the key is refused, in the future; left out: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The team that its requests count for; left out: that of its project, or of its user. Not beside <c>projectId</c>.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>The project that its requests count for; left out: none.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>Models that it may use: names, or prefixes that end with <c>*</c>; left out: all that its team and organisation allow.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Networks such as <c>10.0.0.0/8</c>, or addresses, that it may be used from; left out: all.</summary>
    public IReadOnlyList<string>? AllowedNetworks { get; init; }

    /// <summary>A note for administrators, 1 to 1,000 characters; left out: none.</summary>
    public string? Description { get; init; }

    /// <summary>Tags for reports, 1 to 64 characters each without blanks; left out: none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}

/// <summary>Changes of a key; a member that is left out stays as it is.</summary>
public sealed record UpdateApiKeyRequest
{
    private readonly Optional<string?> _description;
    private readonly Optional<IReadOnlyList<string>?> _tags;
    private readonly Optional<DateTimeOffset?> _expiresAt;
    private readonly Optional<IReadOnlyList<string>?> _allowedModels;
    private readonly Optional<IReadOnlyList<string>?> _allowedNetworks;
    private readonly Optional<Guid?> _teamId;
    private readonly Optional<Guid?> _projectId;

    /// <summary>The purpose of the key, 1 to 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>A note for administrators, 1 to 1,000 characters; null: none.</summary>
    public string? Description
    {
        get => _description.Value;
        init => _description = new(value);
    }

    /// <summary>Tags for reports, 1 to 64 characters each without blanks; null: none.</summary>
    public IReadOnlyList<string>? Tags
    {
        get => _tags.Value;
        init => _tags = new(value);
    }

    /// <summary>Time from which the key is refused, in the future; null: never.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get => _expiresAt.Value;
        init => _expiresAt = new(value);
    }

    /// <summary>Models that it may use: names, or prefixes that end with <c>*</c>; null: all that its team and organisation allow.</summary>
    public IReadOnlyList<string>? AllowedModels
    {
        get => _allowedModels.Value;
        init => _allowedModels = new(value);
    }

    /// <summary>Networks such as <c>10.0.0.0/8</c>, or addresses, that it may be used from; null: all.</summary>
    public IReadOnlyList<string>? AllowedNetworks
    {
        get => _allowedNetworks.Value;
        init => _allowedNetworks = new(value);
    }

    /// <summary>The team that its requests count for, in the place of a project; null: that of its user.</summary>
    public Guid? TeamId
    {
        get => _teamId.Value;
        init => _teamId = new(value);
    }

    /// <summary>The project that its requests count for, in the place of a team; null: none.</summary>
    public Guid? ProjectId
    {
        get => _projectId.Value;
        init => _projectId = new(value);
    }

    internal Optional<string?> NewDescription => _description;

    internal Optional<IReadOnlyList<string>?> NewTags => _tags;

    internal Optional<DateTimeOffset?> NewExpiresAt => _expiresAt;

    internal Optional<IReadOnlyList<string>?> NewAllowedModels => _allowedModels;

    internal Optional<IReadOnlyList<string>?> NewAllowedNetworks => _allowedNetworks;

    internal Optional<Guid?> NewTeamId => _teamId;

    internal Optional<Guid?> NewProjectId => _projectId;
}

/// <summary>How a key gets a new secret.</summary>
public sealed record RotateApiKeyRequest
{
    /// <summary>How long the present secret stays valid; seconds, 0 to 2,592,000; left out: 0, so it ends at once.</summary>
    public int? GraceSeconds { get; init; }
}

/// <summary>A key with a new secret, shown this once.</summary>
/// <param name="Id">The key's id, the same as before.</param>
/// <param name="Key">The new secret: keep it, it cannot be shown again.</param>
/// <param name="Prefix">First characters of the new secret.</param>
/// <param name="PreviousValidUntil">From when on the previous secret is refused; null: it is refused already.</param>
public sealed record RotatedApiKeyResponse(Guid Id, string Key, string Prefix, DateTimeOffset? PreviousValidUntil);

/// <summary>A key, without its secret.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="UserId">The id of its owner.</param>
/// <param name="Name">Its purpose.</param>
/// <param name="Prefix">First characters of the secret.</param>
/// <param name="Scopes">Its scopes.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">From when on it is refused; null: never.</param>
/// <param name="RevokedAt">When it was revoked; null: it was not.</param>
/// <param name="Description">A note for administrators; null: none.</param>
/// <param name="Tags">Its tags for reports.</param>
/// <param name="TeamId">The team of its own; null: that of its project, or of its user.</param>
/// <param name="ProjectId">Its project; null: none.</param>
/// <param name="AllowedModels">Models that it may use: names, or prefixes that end with <c>*</c>; null: all that its team and organisation allow.</param>
/// <param name="AllowedNetworks">Networks that it may be used from; null: all.</param>
/// <param name="PreviousValidUntil">From when on the secret before the last rotation is refused; null: there is none.</param>
/// <param name="LastUsedAt">When it was last used, to the minute; null: never, or not for a minute yet.</param>
public sealed record ApiKeyResponse(
    Guid Id,
    Guid UserId,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    string? Description,
    IReadOnlyList<string> Tags,
    Guid? TeamId,
    Guid? ProjectId,
    IReadOnlyList<string>? AllowedModels,
    IReadOnlyList<string>? AllowedNetworks,
    DateTimeOffset? PreviousValidUntil,
    DateTimeOffset? LastUsedAt);

/// <summary>A new key. Its secret is shown this once.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="Key">The secret: keep it, it cannot be shown again.</param>
/// <param name="UserId">The id of its owner.</param>
/// <param name="Name">Its purpose.</param>
/// <param name="Prefix">First characters of the secret.</param>
/// <param name="Scopes">Its scopes.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">From when on it is refused; null: never.</param>
/// <param name="Description">A note for administrators; null: none.</param>
/// <param name="Tags">Its tags for reports.</param>
/// <param name="TeamId">The team of its own; null: that of its project, or of its user.</param>
/// <param name="ProjectId">Its project; null: none.</param>
/// <param name="AllowedModels">Models that it may use: names, or prefixes that end with <c>*</c>; null: all that its team and organisation allow.</param>
/// <param name="AllowedNetworks">Networks that it may be used from; null: all.</param>
public sealed record CreatedApiKeyResponse(
    Guid Id,
    string Key,
    Guid UserId,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    string? Description,
    IReadOnlyList<string> Tags,
    Guid? TeamId,
    Guid? ProjectId,
    IReadOnlyList<string>? AllowedModels,
    IReadOnlyList<string>? AllowedNetworks);

/// <summary>One page of keys, oldest first.</summary>
/// <param name="Items">The keys.</param>
/// <param name="Next">Give this as <c>next</c> to get the following page; null: this is the last one.</param>
public sealed record ApiKeyListResponse(IReadOnlyList<ApiKeyResponse> Items, Guid? Next);
