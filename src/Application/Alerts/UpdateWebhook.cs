using AiGateway.Application.Administration;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Alerts;

/// <summary>Changes a webhook; null keeps a value.</summary>
/// <param name="By">The author.</param>
/// <param name="Id">The webhook.</param>
public sealed record UpdateWebhook(Actor By, Guid Id) : IRequest<Webhook>, IAdministrativeChange<Webhook>
{
    /// <summary>The new address.</summary>
    public string? Url { get; init; }

    /// <summary>The new kinds of events.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>The new format. Deliveries that are made already keep theirs.</summary>
    public WebhookFormat? Format { get; init; }

    /// <summary>Whether it gets no events.</summary>
    public bool? Disabled { get; init; }

    AdministrativeAction IAdministrativeChange<Webhook>.Describe(Webhook updated) =>
        new(AdminActions.UpdateWebhook, $"webhook {Id}", WebhookRules.HostOf(updated.Url));
}

internal sealed class UpdateWebhookValidator : AbstractValidator<UpdateWebhook>
{
    public UpdateWebhookValidator()
    {
        RuleFor(command => command.Url).IsWebhookUrl();
        RuleFor(command => command.Events).AreEvents();
    }
}

internal sealed class UpdateWebhookHandler(IWebhookStore webhooks, AlertFeed feed, TimeProvider time) : IRequestHandler<UpdateWebhook, Webhook>
{
    public async Task<Webhook> Handle(UpdateWebhook command, CancellationToken cancellationToken)
    {
        var changes = new WebhookChanges
        {
            Url = command.Url,
            Events = WordList.Join(command.Events),
            Format = command.Format,
            Disabled = command.Disabled,
        };
        var webhook = await webhooks.UpdateAsync(command.Id, changes, command.By, time.GetUtcNow(), cancellationToken)
            ?? throw WebhookRules.Missing(command.Id);
        feed.Wake();
        return webhook;
    }
}
