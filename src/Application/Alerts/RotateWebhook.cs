using AiGateway.Application.Administration;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Alerts;

/// <summary>Gives a webhook a new secret. The next attempt of every delivery is signed with it.</summary>
/// <param name="By">The author.</param>
/// <param name="Id">The webhook.</param>
public sealed record RotateWebhook(Actor By, Guid Id) : IRequest<Webhook>, IAdministrativeChange<Webhook>
{
    AdministrativeAction IAdministrativeChange<Webhook>.Describe(Webhook rotated) => new(AdminActions.RotateWebhook, $"webhook {Id}");
}

internal sealed class RotateWebhookHandler(IWebhookStore webhooks, TimeProvider time) : IRequestHandler<RotateWebhook, Webhook>
{
    public async Task<Webhook> Handle(RotateWebhook command, CancellationToken cancellationToken)
    {
        var changes = new WebhookChanges { Secret = WebhookRules.NewSecret() };
        return await webhooks.UpdateAsync(command.Id, changes, command.By, time.GetUtcNow(), cancellationToken)
            ?? throw WebhookRules.Missing(command.Id);
    }
}
