using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiGateway.Domain;
using AiGateway.Infrastructure.Alerts;
using AiGateway.Infrastructure.Alerts.Sending;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Alerts;

/// <summary>Deliveries to receivers on real sockets that take, refuse, redirect, hang or break off.</summary>
internal sealed class AlertSenderTests
{
    private SenderHost _host = null!;
    private ScriptedProvider _receiver = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _host = await SenderHost.OpenAsync();
        _receiver = await ScriptedProvider.StartAsync(Status(204));
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _host.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Test]
    public async Task Alert_IsDeliveredOnce_WithASignatureThatAStrangerCanCheck()
    {
        var webhook = await _host.AddWebhookAsync(_receiver.Address);
        var alert = await _host.AddAlertAsync();

        await _host.RunAsync();
        await _host.RunAsync();

        var seen = _receiver.Seen.Single();
        Assert.That((seen.Method, seen.Headers["content-type"], seen.Headers["x-aigateway-event-id"]), Is.EqualTo(("POST", "application/json", $"{alert}")));
        Assert.That(JsonElement.Parse(seen.Body).GetProperty("id").GetGuid(), Is.EqualTo(alert));
        var parts = seen.Headers["x-aigateway-signature"].Split(',').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(SenderHost.Secret), Encoding.UTF8.GetBytes($"{parts["t"]}.{seen.Body}"));
        Assert.That(parts["v1"], Is.EqualTo(Convert.ToHexStringLower(signed)));
        Assert.That(parts["t"], Is.EqualTo(_host.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        var delivery = await _host.DeliveryAsync(webhook);
        Assert.That((delivery.Status, delivery.Attempts, delivery.LastStatus, delivery.FinishedAt), Is.EqualTo((DeliveryStatus.Delivered, 1, 204, _host.Clock.GetUtcNow())));
    }

    [Test]
    public async Task Alerts_WithSeveralSenders_AreEachSentByOne()
    {
        await _host.AddWebhookAsync(_receiver.Address);
        var alerts = new List<Guid>();
        for (var i = 0; i < 20; i++) alerts.Add(await _host.AddAlertAsync());
        AlertSender[] senders = [_host.Sender, _host.NewSender(), _host.NewSender()];

        for (var i = 0; i < 10; i++)
        {
            await Task.WhenAll(senders.Select(sender => Task.Run(() => sender.RunOnceAsync(CancellationToken.None))));
            foreach (var sender in senders) await sender.SentAsync();
        }

        Assert.That(_receiver.Seen.Select(seen => Guid.Parse(seen.Headers["x-aigateway-event-id"])), Is.EquivalentTo(alerts));
    }

    [Test]
    public async Task Webhook_GetsOnlyItsKindsOfEvents_AndNoneFromBeforeItWasMade()
    {
        await _host.AddWebhookAsync(_receiver.Address, events: "budget");
        await _host.AddAlertAsync();
        await _host.RunAsync();
        _host.Clock.Advance(TimeSpan.FromMilliseconds(5));
        await _host.AddWebhookAsync(_receiver.Address);

        await _host.RunAsync();

        Assert.That(_receiver.Seen, Is.Empty);
    }

    [Test]
    public async Task Delivery_ThatFails_IsTriedAgainLaterWithTheSameIdAndBody()
    {
        _receiver.Reset(Status(500));
        var webhook = await _host.AddWebhookAsync(_receiver.Address);
        await _host.AddAlertAsync();

        await _host.RunAsync();
        await _host.RunAsync();
        var failed = await _host.DeliveryAsync(webhook);
        _receiver.Answer = Status(200);
        _host.Clock.Advance(failed.NextAttemptAt - _host.Clock.GetUtcNow());
        await _host.RunAsync();

        Assert.That((failed.Status, failed.Attempts, failed.LastStatus, failed.FinishedAt), Is.EqualTo((DeliveryStatus.Pending, 1, 500, null as DateTimeOffset?)));
        Assert.That(failed.NextAttemptAt - failed.CreatedAt, Is.InRange(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12)));
        Assert.That(_receiver.Seen.Select(seen => (seen.Headers["x-aigateway-event-id"], seen.Body)).Distinct().Count(), Is.EqualTo(1));
        Assert.That(_receiver.Seen, Has.Count.EqualTo(2), "none in between");
        Assert.That((await _host.DeliveryAsync(webhook)).Status, Is.EqualTo(DeliveryStatus.Delivered));
        Assert.That(_host.Log.Lines, Has.One.Contains("did not take event").And.One.Contains("status 500"));
    }

    [Test]
    public async Task Delivery_ThatIsNeverTaken_IsGivenUpAfterADay()
    {
        _receiver.Reset(Status(503));
        var webhook = await _host.AddWebhookAsync(_receiver.Address);
        await _host.AddAlertAsync();
        var madeAt = _host.Clock.GetUtcNow();

        await _host.RunAsync();
        while (await _host.DeliveryAsync(webhook) is { Status: DeliveryStatus.Pending } pending)
        {
            _host.Clock.Advance(pending.NextAttemptAt - _host.Clock.GetUtcNow());
            await _host.RunAsync();
        }

        var delivery = await _host.DeliveryAsync(webhook);
        Assert.That((delivery.Status, delivery.Attempts), Is.EqualTo((DeliveryStatus.Failed, _receiver.Seen.Count)));
        Assert.That(delivery.Attempts, Is.InRange(25, 45));
        Assert.That(delivery.FinishedAt - madeAt, Is.InRange(TimeSpan.FromHours(22), TimeSpan.FromHours(24)));
    }

    [Test]
    public async Task Redirect_IsNotFollowed()
    {
        await using var other = await ScriptedProvider.StartAsync(Status(200));
        _receiver.Reset((_, http) =>
        {
            http.Response.Headers.Location = $"{other.Address}";
            http.Response.StatusCode = 301;
            return Task.CompletedTask;
        });
        var webhook = await _host.AddWebhookAsync(_receiver.Address);
        await _host.AddAlertAsync();

        await _host.RunAsync();

        Assert.That(other.Seen, Is.Empty);
        var delivery = await _host.DeliveryAsync(webhook);
        Assert.That((delivery.Status, delivery.LastStatus), Is.EqualTo((DeliveryStatus.Pending, 301)));
    }

    [Test]
    public async Task Receiver_ThatIsGone_GetsNoMoreEvents()
    {
        _receiver.Reset(Status(410));
        var webhook = await _host.AddWebhookAsync(_receiver.Address);
        await _host.AddAlertAsync();

        await _host.RunAsync();
        await _host.AddAlertAsync();
        await _host.RunAsync();

        Assert.That(_receiver.Seen, Has.Count.EqualTo(1));
        Assert.That((await _host.DeliveryAsync(webhook)).Status, Is.EqualTo(DeliveryStatus.Failed));
        Assert.That((await _host.Webhooks.FindAsync(webhook.Id, CancellationToken.None))!.Stop, Is.EqualTo(WebhookStop.Gone));
    }

    [Test]
    public async Task Receiver_ThatHangs_DelaysNoOther_AndTimesOut()
    {
        await using var slow = await ScriptedProvider.StartAsync((_, http) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted));
        var (hanging, quick) = (await _host.AddWebhookAsync(slow.Address), await _host.AddWebhookAsync(_receiver.Address));
        for (var i = 0; i < 10; i++) await _host.AddAlertAsync();

        await _host.Sender.RunOnceAsync(CancellationToken.None);
        await slow.ArrivalsAsync(4);
        await Eventually.GetAsync(
            async () =>
            {
                await _host.Sender.RunOnceAsync(CancellationToken.None);
                return (await _host.Webhooks.ListDeliveriesAsync(quick.Id, null, 20, CancellationToken.None)).Count(each => each.Status == DeliveryStatus.Delivered);
            },
            delivered => delivered == 10);
        Assert.That(slow.Seen, Has.Count.EqualTo(4), "a few attempts at once");
        _host.Clock.Advance(WebhookClient.Timeout);
        await _host.Sender.SentAsync();

        var late = (await _host.Webhooks.ListDeliveriesAsync(hanging.Id, null, 20, CancellationToken.None)).Where(each => each.Attempts == 1).ToList();
        Assert.That(late.Select(each => each.LastFault), Is.EqualTo(Enumerable.Repeat<DeliveryFault?>(DeliveryFault.TimedOut, 4)));
    }

    [Test]
    public async Task Receiver_ThatBreaksOffOrDoesNotListen_IsTriedAgain()
    {
        _receiver.Reset((_, http) =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        var broken = await _host.AddWebhookAsync(_receiver.Address);
        var absent = await _host.AddWebhookAsync(new Uri("http://127.0.0.1:9"));
        await _host.AddAlertAsync();

        await _host.RunAsync();

        Assert.That((await _host.DeliveryAsync(broken)).LastFault, Is.EqualTo(DeliveryFault.BrokenOff));
        Assert.That((await _host.DeliveryAsync(absent)).LastFault, Is.EqualTo(DeliveryFault.NotConnected));
    }

    [Test]
    public async Task Attempt_WhoseGatewayIsLost_IsMadeAgainWithTheSameId()
    {
        var webhook = await _host.AddWebhookAsync(_receiver.Address);
        var alert = await _host.AddAlertAsync();
        await _host.Outbox.FillAsync([webhook], CancellationToken.None);
        Assert.That(await _host.Outbox.TryClaimAsync(await _host.DeliveryAsync(webhook), CancellationToken.None), Is.True);

        await _host.RunAsync();
        Assert.That(_receiver.Seen, Is.Empty, "the lease of the lost gateway");
        _host.Clock.Advance(Outbox.Lease);
        await _host.RunAsync();

        Assert.That(_receiver.Seen.Single().Headers["x-aigateway-event-id"], Is.EqualTo($"{alert}"));
        Assert.That((await _host.DeliveryAsync(webhook)).Attempts, Is.EqualTo(2));
    }

    [TestCase("http://169.254.169.254/latest/meta-data/")]
    [TestCase("http://[::ffff:169.254.169.254]/")]
    [TestCase("http://2852039166/", Description = "169.254.169.254 as a number")]
    [TestCase("http://[fe80::1]/")]
    [TestCase("http://0.0.0.0:8080/")]
    public async Task Address_ThatIsForbidden_IsNeverConnectedTo(string url)
    {
        var webhook = await _host.AddWebhookAsync(new Uri(url));
        await _host.AddAlertAsync();

        await _host.RunAsync();

        Assert.That((await _host.DeliveryAsync(webhook)).LastFault, Is.EqualTo(DeliveryFault.ForbiddenAddress));
    }

    [Test]
    public async Task Old_AlertsAndDeliveries_AreRemoved()
    {
        var webhook = await _host.AddWebhookAsync(_receiver.Address);
        await _host.AddAlertAsync();
        await _host.RunAsync();

        _host.Clock.Advance(AlertRetention.KeptFor + TimeSpan.FromMinutes(1));
        await _host.RunAsync();

        Assert.That(await _host.Webhooks.ListDeliveriesAsync(webhook.Id, null, 10, CancellationToken.None), Is.Empty);
        await using var context = await _host.Database.Contexts.CreateDbContextAsync();
        Assert.That(context.Alerts.Count(), Is.Zero);
    }

    private static Answer Status(int status) => (_, http) =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
