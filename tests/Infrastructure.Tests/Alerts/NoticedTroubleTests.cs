using AiGateway.Application.Alerts;
using AiGateway.Domain;
using AiGateway.Infrastructure.Alerts;
using AiGateway.Infrastructure.Persistence.Stores.Alerts;

namespace AiGateway.Infrastructure.Tests.Alerts;

/// <summary>Alerts of providers and records, noticed by two gateways on one database.</summary>
internal sealed class NoticedTroubleTests
{
    private SenderHost _host = null!;
    private AlertFeed _other = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _host = await SenderHost.OpenAsync();
        _other = new AlertFeed(_host.Clock);
    }

    [TearDown]
    public async Task CloseAsync() => await _host.DisposeAsync();

    [Test]
    public async Task Outage_NoticedByTwoGateways_IsOneAlert_AndTheNextOutageIsAnother()
    {
        foreach (var feed in (AlertFeed[])[_host.Feed, _other])
        {
            for (var i = 0; i < 3; i++) feed.Providers.NoteRefusal("openai", "", AlertProblem.AccountExhausted);
        }

        await StoreAsync();
        Assert.That((await AlertsAsync()).Select(alert => (alert.Kind, alert.Provider, alert.Model, alert.Problem)), Is.EqualTo([(AlertKind.Provider, "openai", null as string, AlertProblem.AccountExhausted as AlertProblem?)]));

        _host.Clock.Advance(ProviderOutages.Calm);
        _host.Feed.Providers.NoteAnswer("openai", "gpt");
        _host.Feed.Providers.NoteRefusal("openai", "", AlertProblem.Misconfigured);
        await StoreAsync();

        Assert.That((await AlertsAsync()).Select(alert => alert.Problem), Is.EqualTo(new AlertProblem?[] { AlertProblem.Misconfigured, AlertProblem.AccountExhausted }));
    }

    [Test]
    public async Task Outage_WhoseGatewayIsLost_DoesNotHideTheNextOneForEver()
    {
        _other.Providers.NoteRefusal("openai", "gpt", AlertProblem.Misconfigured);
        await StoreAsync();
        _host.Clock.Advance(TimeSpan.FromHours(25));
        _host.Feed.Providers.NoteRefusal("openai", "gpt", AlertProblem.Misconfigured);
        await StoreAsync();

        Assert.That(await AlertsAsync(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Records_NoticedByTwoGatewaysInAMinute_AreOneAlert_AndTheRestIsToldLater()
    {
        var ids = Enumerable.Range(0, 30).Select(i => Guid.CreateVersion7(_host.Clock.GetUtcNow().AddMilliseconds(i))).ToList();
        foreach (var id in ids.Take(25)) _host.Feed.Records.AddUnknown(id);
        foreach (var id in ids.Skip(25)) _other.Records.AddUnknown(id);
        await StoreAsync();
        var first = (await AlertsAsync()).Single();

        _host.Clock.Advance(TroubledRecords.Interval);
        _other.Records.AddUnknown(ids[0]);
        await StoreAsync();
        var both = await AlertsAsync();

        Assert.That((first.Kind, first.Problem, first.Count), Is.EqualTo((AlertKind.Record, AlertProblem.Unknown, 25)));
        Assert.That(first.Requests, Is.EqualTo(string.Join(' ', ids.Take(TroubledRecords.MostNamed))));
        Assert.That(both.Select(alert => alert.Count), Is.EqualTo(new long?[] { 6, 25 }));
    }

    private async Task StoreAsync()
    {
        await new NoticedTrouble(_host.Database.Contexts, _host.Feed).StoreAsync(CancellationToken.None);
        await new NoticedTrouble(_host.Database.Contexts, _other).StoreAsync(CancellationToken.None);
    }

    private Task<IReadOnlyList<Alert>> AlertsAsync() => new AlertLog(_host.Database.Contexts).ListAsync(null, null, 200, CancellationToken.None);
}
