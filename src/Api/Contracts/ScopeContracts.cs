using AiGateway.Application;

namespace AiGateway.Api.Contracts;

/// <summary>An organisation to create.</summary>
public sealed record CreateOrganisationRequest
{
    /// <summary>Display name, 1 to 200 characters.</summary>
    /// <example>Example Corp</example>
    public string? Name { get; init; }
}

/// <summary>A team to create.</summary>
public sealed record CreateTeamRequest
{
    /// <summary>Display name, 1 to 200 characters.</summary>
    /// <example>Search</example>
    public string? Name { get; init; }

    /// <summary>The organisation that it belongs to.</summary>
    public Guid? OrganisationId { get; init; }
}

/// <summary>A project to create.</summary>
public sealed record CreateProjectRequest
{
    /// <summary>Display name, 1 to 200 characters.</summary>
    /// <example>Autumn release</example>
    public string? Name { get; init; }

    /// <summary>The team that it belongs to.</summary>
    public Guid? TeamId { get; init; }
}

/// <summary>Changes of an organisation; a member that is left out stays as it is.</summary>
public sealed record UpdateOrganisationRequest : UpdateScopeRequest;

/// <summary>Changes of a team; a member that is left out stays as it is.</summary>
public sealed record UpdateTeamRequest : UpdateScopeRequest
{
    /// <summary>The organisation that the team moves to. Requests in progress stay charged to the present one.</summary>
    public Guid? OrganisationId { get; init; }
}

/// <summary>Changes of a project; a member that is left out stays as it is.</summary>
public sealed record UpdateProjectRequest : UpdateScopeRequest
{
    /// <summary>The team that the project moves to. Requests in progress stay charged to the present one.</summary>
    public Guid? TeamId { get; init; }
}

/// <summary>Changes that organisations, teams and projects share.</summary>
public abstract record UpdateScopeRequest
{
    private readonly Optional<string?> _timeZone;
    private readonly Optional<IReadOnlyList<string>?> _allowedModels;

    /// <summary>Display name, 1 to 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the keys and users below it are refused.</summary>
    public bool? Disabled { get; init; }

    /// <summary>IANA name of the time zone in which its days begin; null: that of its parent, at the top UTC.</summary>
    /// <example>Europe/Berlin</example>
    public string? TimeZone
    {
        get => _timeZone.Value;
        init => _timeZone = new(value);
    }

    /// <summary>Models that requests below it may use: names, or prefixes that end with <c>*</c>; null: all.</summary>
    public IReadOnlyList<string>? AllowedModels
    {
        get => _allowedModels.Value;
        init => _allowedModels = new(value);
    }

    internal Optional<string?> NewTimeZone => _timeZone;

    internal Optional<IReadOnlyList<string>?> NewAllowedModels => _allowedModels;
}

/// <summary>An organisation.</summary>
/// <param name="Id">The organisation's id.</param>
/// <param name="Name">Display name.</param>
/// <param name="Disabled">Whether the keys and users below it are refused.</param>
/// <param name="TimeZone">IANA name of the time zone in which its days begin; null: that of its parent, at the top UTC.</param>
/// <param name="AllowedModels">Models that requests below it may use: names, or prefixes that end with <c>*</c>; null: all.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record OrganisationResponse(
    Guid Id, string Name, bool Disabled, string? TimeZone, IReadOnlyList<string>? AllowedModels, DateTimeOffset CreatedAt);

/// <summary>One page of organisations, oldest first.</summary>
/// <param name="Items">The organisations.</param>
/// <param name="Next">Give this as <c>next</c> to get the following page; null: this is the last one.</param>
public sealed record OrganisationListResponse(IReadOnlyList<OrganisationResponse> Items, Guid? Next);

/// <summary>A team.</summary>
/// <param name="Id">The team's id.</param>
/// <param name="Name">Display name.</param>
/// <param name="OrganisationId">The organisation that it belongs to.</param>
/// <param name="Disabled">Whether the keys and users below it are refused.</param>
/// <param name="TimeZone">IANA name of the time zone in which its days begin; null: that of its parent, at the top UTC.</param>
/// <param name="AllowedModels">Models that requests below it may use: names, or prefixes that end with <c>*</c>; null: all.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record TeamResponse(
    Guid Id, string Name, Guid OrganisationId, bool Disabled, string? TimeZone, IReadOnlyList<string>? AllowedModels, DateTimeOffset CreatedAt);

/// <summary>One page of teams, oldest first.</summary>
/// <param name="Items">The teams.</param>
/// <param name="Next">Give this as <c>next</c> to get the following page; null: this is the last one.</param>
public sealed record TeamListResponse(IReadOnlyList<TeamResponse> Items, Guid? Next);

/// <summary>A project.</summary>
/// <param name="Id">The project's id.</param>
/// <param name="Name">Display name.</param>
/// <param name="TeamId">The team that it belongs to.</param>
/// <param name="Disabled">Whether the keys and users below it are refused.</param>
/// <param name="TimeZone">IANA name of the time zone in which its days begin; null: that of its parent, at the top UTC.</param>
/// <param name="AllowedModels">Models that requests below it may use: names, or prefixes that end with <c>*</c>; null: all.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record ProjectResponse(
    Guid Id, string Name, Guid TeamId, bool Disabled, string? TimeZone, IReadOnlyList<string>? AllowedModels, DateTimeOffset CreatedAt);

/// <summary>One page of projects, oldest first.</summary>
/// <param name="Items">The projects.</param>
/// <param name="Next">Give this as <c>next</c> to get the following page; null: this is the last one.</param>
public sealed record ProjectListResponse(IReadOnlyList<ProjectResponse> Items, Guid? Next);
