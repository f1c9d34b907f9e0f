using AiGateway.Application.Alerts;
using AiGateway.Domain;
using AiGateway.Infrastructure.Alerts.Sending;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Alerts;

/// <summary>
/// Sends alerts to webhooks. Every gateway runs it, and each delivery has one sender at a time. It looks when this process
/// has written an alert, and at an interval for those of other gateways. Each webhook has its own attempts in progress, so a
/// slow receiver delays no other.
/// </summary>
internal sealed partial class AlertSender(
    Outbox outbox, NoticedTrouble noticed, AlertRetention retention, WebhookClient client, AlertFeed feed, TimeProvider time,
    ILogger<AlertSender> logger) : BackgroundService
{
    private const int MostPerWebhook = 4;
    private const int MostAtOnce = 64;

    /// <summary>How often it looks where webhooks exist.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How often it looks for webhooks where there are none.</summary>
    private static readonly TimeSpan IdleInterval = TimeSpan.FromMinutes(1);

    // The first requests after a start need the processor.
    private static readonly TimeSpan StartDelay = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _underWay = [];
    private readonly HashSet<Task> _sending = [];

    /// <summary>Stores and queues what is new, and begins every attempt that is due.</summary>
    /// <returns>Whether a webhook gets events.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        await noticed.StoreAsync(cancellationToken);
        await retention.RunAsync(cancellationToken);
        var webhooks = await outbox.WebhooksAsync(cancellationToken);
        if (webhooks.Count == 0) return false;
        while (await outbox.FillAsync(webhooks, cancellationToken))
        {
            // There may be more.
        }

        while (await BeginDueAsync(webhooks, cancellationToken))
        {
            // A webhook with many deliveries hid those of others.
        }

        return true;
    }

    /// <summary>Completes when the attempts in progress have ended.</summary>
    public Task SentAsync()
    {
        lock (_gate) return Task.WhenAll(_sending);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = time.CreateTimer(_ => feed.Wake(), null, StartDelay, IdleInterval);
        try
        {
            while (true)
            {
                await feed.WaitAsync(stoppingToken);
                var interval = await TryRunAsync(stoppingToken) ? Interval : IdleInterval;
                timer.Change(interval, interval);
            }
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            await SentAsync();
        }
    }

    private async Task<bool> TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, failure.GetType().Name);
            return true;
        }
    }

    /// <summary>Begins attempts that are due; false when there was none to begin.</summary>
    private async Task<bool> BeginDueAsync(List<Webhook> webhooks, CancellationToken cancellationToken)
    {
        var free = WithCapacity(webhooks);
        if (free.Count == 0) return false;
        var hasBegun = false;
        foreach (var delivery in await outbox.DueAsync(free, MostAtOnce, cancellationToken))
        {
            if (!HasCapacity(delivery.WebhookId) || !await outbox.TryClaimAsync(delivery, cancellationToken)) continue;
            Begin(webhooks.Find(each => each.Id == delivery.WebhookId)!, delivery);
            hasBegun = true;
        }

        return hasBegun;
    }

    private List<Guid> WithCapacity(List<Webhook> webhooks) => [.. webhooks.Select(each => each.Id).Where(HasCapacity)];

    private bool HasCapacity(Guid webhook)
    {
        lock (_gate) return _sending.Count < MostAtOnce && _underWay.GetValueOrDefault(webhook) < MostPerWebhook;
    }

    private void Begin(Webhook webhook, WebhookDelivery delivery)
    {
        lock (_gate)
        {
            _underWay[webhook.Id] = _underWay.GetValueOrDefault(webhook.Id) + 1;
            var sending = Task.Run(() => SendAsync(webhook, delivery));
            _sending.Add(sending);
            _ = sending.ContinueWith(done => End(webhook.Id, done), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void End(Guid webhook, Task sending)
    {
        lock (_gate)
        {
            _sending.Remove(sending);
            if (--_underWay[webhook] == 0) _underWay.Remove(webhook);
        }

        feed.Wake();
    }

    // Not cancelled by a stop: an attempt that is cut off would arrive twice. Its time is bounded.
    private async Task SendAsync(Webhook webhook, WebhookDelivery delivery)
    {
        try
        {
            var answer = await client.SendAsync(webhook, delivery);
            await outbox.FinishAsync(delivery, answer, CancellationToken.None);
            if (answer.IsGone) Log.Gone(logger, webhook.Id);
            else if (!answer.IsTaken) Log.NotTaken(logger, webhook.Id, delivery.EventId, delivery.Attempts + 1, answer.Status, answer.Fault);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Log.Failed(logger, failure.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Alerts could not be stored or sent; they are tried again: {Problem}")]
        public static partial void Failed(ILogger logger, string problem);

        [LoggerMessage(2, LogLevel.Warning, "Webhook {WebhookId} did not take event {EventId} at attempt {Attempt}: status {Status}, fault {Fault}")]
        public static partial void NotTaken(ILogger logger, Guid webhookId, Guid eventId, int attempt, int? status, DeliveryFault? fault);

        [LoggerMessage(3, LogLevel.Warning, "Webhook {WebhookId} answered 410 and gets no more events; enable it again when its receiver is back")]
        public static partial void Gone(ILogger logger, Guid webhookId);
    }
}
