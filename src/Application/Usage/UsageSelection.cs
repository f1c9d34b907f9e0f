using AiGateway.Application.Administration;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;

namespace AiGateway.Application.Usage;

/// <summary>
/// Which usage records to read. What is null selects all. Scopes are those that the request was charged to. Tags are those
/// that its key has now.
/// </summary>
public sealed record UsageSelection
{
    /// <summary>Created at or after.</summary>
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
    public Guid? ApiKeyId { get; init; }

    /// <summary>Of this end user; empty: without one.</summary>
    public string? EndUser { get; init; }

    /// <summary>Answered by this model.</summary>
    public string? Model { get; init; }

    /// <summary>Answered by this provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Sent with a key that has this tag.</summary>
    public string? Tag { get; init; }

    /// <summary>With this status.</summary>
    public UsageStatus? Status { get; init; }

    /// <summary>True: those that a report counts as errors. False: those that ended without an error.</summary>
    public bool? Failed { get; init; }

    /// <summary>What the administrator who asks may see.</summary>
    public AdminReach Reach { get; init; } = AdminReach.Everything;

    /// <summary>
    /// Whether the stored sums of days answer the report: it is by one of their groupings, and only the times select.
    /// </summary>
    public bool IsSummedByDay(IReadOnlyList<UsageGrouping> groupings) =>
        groupings is [var only] && UsageGroupings.SummedByDay.Contains(only)
        && this == new UsageSelection { From = From, To = To };
}

internal sealed class UsageSelectionValidator : AbstractValidator<UsageSelection>
{
    private const int MaxTagLength = 64;

    public UsageSelectionValidator()
    {
        RuleFor(records => records.Model).IsName(StorableText.NameLength);
        RuleFor(records => records.Provider).IsName(StorableText.NameLength);
        RuleFor(records => records.Tag).IsName(MaxTagLength);
        RuleFor(records => records.EndUser).IsName(StorableText.NameLength).When(records => records.EndUser is not "");
        RuleFor(records => records.To).GreaterThan(records => records.From).WithMessage("must be after from").When(records => records.From is not null);
    }
}
