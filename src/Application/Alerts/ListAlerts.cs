using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Alerts;

/// <summary>Alerts before an alert, newest first.</summary>
/// <param name="Kind">Only alerts of this kind; null: all.</param>
/// <param name="Before">The alert at the end of the previous page.</param>
/// <param name="Limit">Alerts a page, 1 to 200.</param>
public sealed record ListAlerts(AlertKind? Kind, Guid? Before, int Limit) : IRequest<Page<Alert, Guid?>>;

internal sealed class ListAlertsValidator : AbstractValidator<ListAlerts>
{
    public ListAlertsValidator() => RuleFor(query => query.Limit).IsPageSize();
}

internal sealed class ListAlertsHandler(IAlertLog alerts) : IRequestHandler<ListAlerts, Page<Alert, Guid?>>
{
    public async Task<Page<Alert, Guid?>> Handle(ListAlerts query, CancellationToken cancellationToken)
    {
        var read = await alerts.ListAsync(query.Kind, query.Before, query.Limit + 1, cancellationToken);
        return Page.Of(read, query.Limit, alert => (Guid?)alert.Id);
    }
}
