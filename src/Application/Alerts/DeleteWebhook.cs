using AiGateway.Application.Administration;
using MediatR;

namespace AiGateway.Application.Alerts;

/// <summary>Deletes a webhook. What is not delivered yet is dropped.</summary>
/// <param name="By">The author.</param>
/// <param name="Id">The webhook.</param>
public sealed record DeleteWebhook(Actor By, Guid Id) : IRequest, IAdministrativeChange<Unit>
{
    AdministrativeAction IAdministrativeChange<Unit>.Describe(Unit response) => new(AdminActions.DeleteWebhook, $"webhook {Id}");
}

internal sealed class DeleteWebhookHandler(IWebhookStore webhooks, TimeProvider time) : AsyncRequestHandler<DeleteWebhook>
{
    protected override async Task Handle(DeleteWebhook command, CancellationToken cancellationToken)
    {
        if (!await webhooks.DeleteAsync(command.Id, command.By, time.GetUtcNow(), cancellationToken)) throw WebhookRules.Missing(command.Id);
    }
}
