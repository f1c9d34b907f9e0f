using System.Buffers.Text;
using System.Security.Cryptography;
using AiGateway.Domain;
using FluentValidation;

namespace AiGateway.Application.Alerts;

/// <summary>What webhooks have in common.</summary>
internal static class WebhookRules
{
    private const int SecretBytes = 32;

    /// <summary>A new secret: 256 random bits.</summary>
    public static string NewSecret() => "whsec_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The address of a webhook without its path, which may hold a secret of the receiver.</summary>
    public static string HostOf(string url) => new Uri(url).GetLeftPart(UriPartial.Authority);

    /// <summary>A webhook, or a failure that names the id.</summary>
    public static async Task<Webhook> RequireAsync(this IWebhookStore webhooks, Guid id, CancellationToken cancellationToken) =>
        await webhooks.FindAsync(id, cancellationToken) ?? throw Missing(id);

    public static AiGatewayException Missing(Guid id) => new(ErrorCode.NotFound, $"There is no webhook {id}.");

    /// <summary>An address that webhooks may have; or null.</summary>
    public static IRuleBuilderOptionsConditions<T, string?> IsWebhookUrl<T>(this IRuleBuilder<T, string?> rule) => rule.Custom(static (url, context) =>
    {
        if (url is not null && WebhookAddress.FaultOf(url) is { } fault) context.AddFailure(fault);
    });

    /// <summary>Kinds of events, at least one; or null.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> AreEvents<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) => rule
        .Must(events => events is null || (events.Count > 0 && events.All(AlertKinds.Names.Contains)))
        .WithMessage($"must hold at least one of {string.Join(", ", AlertKinds.Names)}");
}
