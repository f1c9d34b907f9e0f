using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Alerts;

/// <summary>Sends a test event to a webhook, whatever events it gets. It changes nothing else.</summary>
/// <param name="Id">The webhook.</param>
public sealed record TestWebhook(Guid Id) : IRequest<WebhookDelivery>;

internal sealed class TestWebhookHandler(IWebhookStore webhooks, AlertFeed feed, TimeProvider time) : IRequestHandler<TestWebhook, WebhookDelivery>
{
    public async Task<WebhookDelivery> Handle(TestWebhook command, CancellationToken cancellationToken)
    {
        var webhook = await webhooks.RequireAsync(command.Id, cancellationToken);
        if (webhook.Stop is not null)
            throw new AiGatewayException(ErrorCode.Conflict, $"The webhook {command.Id} is disabled, so it gets no events. Enable it first.");
        var delivery = await webhooks.AddTestAsync(command.Id, time.GetUtcNow(), cancellationToken) ?? throw WebhookRules.Missing(command.Id);
        feed.Wake();
        return delivery;
    }
}
