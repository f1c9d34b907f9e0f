using AiGateway.Application.Alerts;
using AiGateway.Infrastructure.Alerts;
using AiGateway.Infrastructure.Alerts.Sending;
using AiGateway.Infrastructure.Persistence.Stores.Alerts;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Infrastructure;

/// <summary>Registers alerts and webhooks.</summary>
public static class AlertServices
{
    /// <summary>Alerts, webhooks and their sender. They need the database, a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services) => services
        .AddSingleton<AlertFeed>()
        .AddSingleton<IWebhookStore, WebhookStore>()
        .AddSingleton<IAlertLog, AlertLog>()
        .AddSingleton<Outbox>()
        .AddSingleton<NoticedTrouble>()
        .AddSingleton<AlertRetention>()
        .AddSingleton<WebhookClient>()
        .AddHostedService<AlertSender>();
}
