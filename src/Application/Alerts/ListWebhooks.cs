using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Alerts;

/// <summary>All webhooks, oldest first.</summary>
public sealed record ListWebhooks : IRequest<IReadOnlyList<Webhook>>;

internal sealed class ListWebhooksHandler(IWebhookStore webhooks) : IRequestHandler<ListWebhooks, IReadOnlyList<Webhook>>
{
    public Task<IReadOnlyList<Webhook>> Handle(ListWebhooks query, CancellationToken cancellationToken) => webhooks.ListAsync(cancellationToken);
}

/// <summary>One webhook.</summary>
/// <param name="Id">The webhook.</param>
public sealed record GetWebhook(Guid Id) : IRequest<Webhook>;

internal sealed class GetWebhookHandler(IWebhookStore webhooks) : IRequestHandler<GetWebhook, Webhook>
{
    public Task<Webhook> Handle(GetWebhook query, CancellationToken cancellationToken) => webhooks.RequireAsync(query.Id, cancellationToken);
}

/// <summary>Deliveries to a webhook before a delivery, newest first.</summary>
/// <param name="Id">The webhook.</param>
/// <param name="Before">The delivery at the end of the previous page.</param>
/// <param name="Limit">Deliveries a page, 1 to 200.</param>
public sealed record ListDeliveries(Guid Id, Guid? Before, int Limit) : IRequest<Page<WebhookDelivery, Guid?>>;

internal sealed class ListDeliveriesValidator : AbstractValidator<ListDeliveries>
{
    public ListDeliveriesValidator() => RuleFor(query => query.Limit).IsPageSize();
}

internal sealed class ListDeliveriesHandler(IWebhookStore webhooks) : IRequestHandler<ListDeliveries, Page<WebhookDelivery, Guid?>>
{
    public async Task<Page<WebhookDelivery, Guid?>> Handle(ListDeliveries query, CancellationToken cancellationToken)
    {
        await webhooks.RequireAsync(query.Id, cancellationToken);
        var read = await webhooks.ListDeliveriesAsync(query.Id, query.Before, query.Limit + 1, cancellationToken);
        return Page.Of(read, query.Limit, delivery => (Guid?)delivery.Id);
    }
}
