using AiGateway.Application.Administration;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Alerts;

/// <summary>Creates a webhook. Its secret is in the answer, and in no later one.</summary>
/// <param name="By">The author.</param>
/// <param name="Url">The address.</param>
/// <param name="Events">The kinds of events; null: all.</param>
/// <param name="Format">The form of the body.</param>
public sealed record CreateWebhook(Actor By, string? Url, IReadOnlyList<string>? Events, WebhookFormat Format)
    : IRequest<Webhook>, IAdministrativeChange<Webhook>
{
    AdministrativeAction IAdministrativeChange<Webhook>.Describe(Webhook made) =>
        new(AdminActions.CreateWebhook, $"webhook {made.Id}", WebhookRules.HostOf(made.Url));
}

internal sealed class CreateWebhookValidator : AbstractValidator<CreateWebhook>
{
    public CreateWebhookValidator()
    {
        RuleFor(command => command.Url).NotNull().WithMessage("is required");
        RuleFor(command => command.Url).IsWebhookUrl();
        RuleFor(command => command.Events).AreEvents();
    }
}

internal sealed class CreateWebhookHandler(IWebhookStore webhooks, AlertFeed feed, TimeProvider time) : IRequestHandler<CreateWebhook, Webhook>
{
    public async Task<Webhook> Handle(CreateWebhook command, CancellationToken cancellationToken)
    {
        // As it is stored: an alert of the same millisecond is later.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var webhook = new Webhook
        {
            Id = Guid.CreateVersion7(now),
            Url = command.Url!,
            Events = WordList.Join(command.Events ?? AlertKinds.Names)!,
            Format = command.Format,
            Secret = WebhookRules.NewSecret(),
            SecretSince = now,
            ChangedAt = now,
            CreatedAt = now,
        };
        await webhooks.AddAsync(webhook, command.By, cancellationToken);
        feed.Wake();
        return webhook;
    }
}
