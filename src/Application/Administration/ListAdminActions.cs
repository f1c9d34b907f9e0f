using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Administration;

/// <summary>Rows of the audit log, newest first. A filter that is null takes all rows.</summary>
/// <param name="From">Made at or after.</param>
/// <param name="To">Made before.</param>
/// <param name="Actor">A user's id, or <c>system</c>.</param>
/// <param name="Action">The action, such as <c>key.create</c>.</param>
/// <param name="TargetKind">The kind of the target, such as <c>key</c>.</param>
/// <param name="TargetId">The id of the target.</param>
/// <param name="Before">The sequence number at the end of the previous page.</param>
/// <param name="Limit">Rows a page, 1 to 200.</param>
public sealed record ListAdminActions(
    DateTimeOffset? From, DateTimeOffset? To, string? Actor, string? Action, string? TargetKind, string? TargetId, long? Before, int Limit)
    : IRequest<Page<AdminAction, long?>>;

internal sealed class ListAdminActionsValidator : AbstractValidator<ListAdminActions>
{
    public ListAdminActionsValidator()
    {
        RuleFor(query => query.Limit).IsPageSize();
        RuleFor(query => query.To).GreaterThan(query => query.From).WithMessage("must be after from").When(query => query.From is not null);
        RuleFor(query => query.Actor)
            .Must(actor => actor is null || AuditActor.Parse(actor) is not null)
            .WithMessage($"must be the id of a user, or {AuditActor.System}");
        RuleFor(query => query.Action).IsName(AdminAction.MaxWordLength);
        RuleFor(query => query.TargetKind).IsName(AdminAction.MaxWordLength);
        RuleFor(query => query.TargetId).IsName(AdminAction.MaxTargetIdLength);
        RuleFor(query => query.Before).GreaterThan(0).WithMessage("is not a cursor that this endpoint returned").OverridePropertyName("next");
    }
}

internal sealed class ListAdminActionsHandler(IAuditLog audit) : IRequestHandler<ListAdminActions, Page<AdminAction, long?>>
{
    public async Task<Page<AdminAction, long?>> Handle(ListAdminActions query, CancellationToken cancellationToken)
    {
        var filter = new AuditFilter
        {
            From = query.From,
            To = query.To,
            Actor = AuditActor.Parse(query.Actor),
            Action = query.Action,
            TargetKind = query.TargetKind,
            TargetId = query.TargetId,
            Before = query.Before,
            Limit = query.Limit + 1,
        };
        return Page.Of(await audit.ListAsync(filter, cancellationToken), query.Limit, row => (long?)row.Sequence);
    }
}
