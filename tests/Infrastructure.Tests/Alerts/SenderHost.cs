using AiGateway.Application.Administration;
using AiGateway.Application.Alerts;
using AiGateway.Domain;
using AiGateway.Infrastructure.Alerts;
using AiGateway.Infrastructure.Alerts.Sending;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores.Alerts;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using AiGateway.Infrastructure.Tests.Providers;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Alerts;

/// <summary>A sender on a real database, with a clock that the test moves.</summary>
internal sealed class SenderHost : IAsyncDisposable
{
    public const string Secret = "whsec_of-this-test";
    private readonly WebhookClient _client;
    private long _last;

    private SenderHost(TestDatabase database)
    {
        Database = database;
        _client = new WebhookClient(Clock);
        Feed = new AlertFeed(Clock);
        Outbox = new Outbox(database.Contexts, Clock);
        Webhooks = new WebhookStore(database.Contexts);
        Sender = NewSender();
    }

    public TestDatabase Database { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 15, 12, 0, 0, TimeSpan.Zero));

    public AlertFeed Feed { get; }

    public Outbox Outbox { get; }

    public WebhookStore Webhooks { get; }

    public AlertSender Sender { get; }

    public CapturedLog<AlertSender> Log { get; } = new();

    public static async Task<SenderHost> OpenAsync(DatabaseKind kind = DatabaseKind.Sqlite) => new(await TestDatabase.CreateAsync(kind));

    public AlertSender NewSender() => new(
        Outbox, new NoticedTrouble(Database.Contexts, Feed), new AlertRetention(Database.Contexts, Clock), _client, Feed, Clock, Log);

    /// <summary>One look of the sender, and the end of the attempts that it begins.</summary>
    public async Task RunAsync()
    {
        await Sender.RunOnceAsync(CancellationToken.None);
        await Sender.SentAsync();
    }

    public async Task<Webhook> AddWebhookAsync(Uri address, string events = "budget provider record", WebhookFormat format = WebhookFormat.Generic)
    {
        var now = Clock.GetUtcNow();
        var webhook = new Webhook
        {
            Id = NextId(),
            Url = $"{address}",
            Events = events,
            Format = format,
            Secret = Secret,
            SecretSince = now,
            ChangedAt = now,
            CreatedAt = now,
        };
        await Webhooks.AddAsync(webhook, Actor.Operator, CancellationToken.None);
        return webhook;
    }

    /// <summary>Stores an alert of a provider, as another part of the gateway would.</summary>
    public async Task<Guid> AddAlertAsync()
    {
        var id = NextId();
        await using var context = await Database.Contexts.CreateDbContextAsync();
        context.Add(new Alert
        {
            Id = id,
            Kind = AlertKind.Provider,
            At = Clock.GetUtcNow(),
            OnceKey = $"{id}",
            Provider = "openai",
            Problem = AlertProblem.AccountExhausted,
        });
        await context.SaveChangesAsync();
        return id;
    }

    public async Task<WebhookDelivery> DeliveryAsync(Webhook webhook) =>
        (await Webhooks.ListDeliveriesAsync(webhook.Id, null, 10, CancellationToken.None)).Single();

    public async ValueTask DisposeAsync()
    {
        await Sender.SentAsync();
        _client.Dispose();
        await Database.DisposeAsync();
    }

    private Guid NextId() => Guid.CreateVersion7(Clock.GetUtcNow().AddMilliseconds(++_last));
}
