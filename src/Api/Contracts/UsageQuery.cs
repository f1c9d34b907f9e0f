using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts;

/// <summary>Which usage records a report or a list reads. What is left out selects all.</summary>
public sealed record UsageQuery
{
    /// <summary>Created at or after, such as 2026-11-01T00:00:00Z.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Charged to this organisation.</summary>
    public Guid? OrganisationId { get; init; }

    /// <summary>Charged to this team.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>Charged to this project.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>Of this user.</summary>
    public Guid? UserId { get; init; }

    /// <summary>Sent with this key.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>Of this end user, 1 to 200 characters.</summary>
    public string? EndUser { get; init; }

    /// <summary>Answered by this model.</summary>
    public string? Model { get; init; }

    /// <summary>Answered by this provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Sent with a key that has this tag now.</summary>
    public string? Tag { get; init; }

    /// <summary>With this status: <c>held</c>, <c>settled</c>, <c>released</c>, <c>unknown</c> or <c>expired</c>.</summary>
    public string? Status { get; init; }

    /// <summary>
    /// <c>true</c>: those that failed or whose outcome is unknown, as a report counts errors. <c>false</c>: those that ended
    /// without an error.
    /// </summary>
    public bool? Failed { get; init; }

    internal UsageSelection ToSelection() => new()
    {
        From = From,
        To = To,
        OrganisationId = OrganisationId,
        TeamId = TeamId,
        ProjectId = ProjectId,
        UserId = UserId,
        ApiKeyId = KeyId,
        EndUser = EndUser,
        Model = Model,
        Provider = Provider,
        Tag = Tag,
        Status = WireName.Read<UsageStatus>(Status, "status"),
        Failed = Failed,
    };
}
