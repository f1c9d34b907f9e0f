using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Alerts;
using AiGateway.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Admin;

/// <summary>Webhooks as an administrator sets them up, and alerts as a receiver gets them.</summary>
internal sealed class WebhookTests
{
    private const string Webhooks = "/api/v1/admin/webhooks";
    private GatewayHost _gateway = null!;
    private ScriptedProvider _receiver = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync();
        _receiver = await ScriptedProvider.StartAsync(Ok);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [SetUp]
    public void Reset()
    {
        _gateway.Provider.Reset(Answers.Completion());
        _receiver.Reset(Ok);
    }

    [TearDown]
    public async Task DeleteAllAsync()
    {
        foreach (var webhook in (await _gateway.Admin.GetAsync(Webhooks)).Expect(200).Json.GetProperty("items").EnumerateArray())
            (await _gateway.Admin.DeleteAsync($"{Webhooks}/{webhook.GetProperty("id").GetGuid()}")).Expect(204);
    }

    [Test]
    public async Task Budget_ThatReachesAThreshold_SendsOneEvent_AndTheLogsShowIt()
    {
        var webhook = await CreateAsync("budget");
        var user = await _gateway.CreateUserAsync();
        (await _gateway.Admin.PutAsync(
            $"/api/v1/admin/users/{user.Id}/budgets", new { budgets = new[] { new { metric = "requests", window = "week", amount = 4, alertPercents = new[] { 50 } } } })).Expect(200);

        for (var i = 0; i < 4; i++) (await user.Caller.GenerateAsync()).Expect(200);
        await _receiver.ArrivalsAsync();

        var delivery = await DeliveredAsync(webhook);
        var seen = _receiver.Seen.Single();
        var told = JsonElement.Parse(seen.Body);
        Assert.That(seen.Headers["x-aigateway-event-id"], Is.EqualTo(told.GetProperty("id").GetString()));
        Assert.That(told.GetProperty("scope").GetRawText(), Is.EqualTo($$"""{"kind":"user","id":"{{user.Id}}","name":"Ann"}"""));
        Assert.That((told.GetProperty("limit").GetString(), told.GetProperty("percent").GetInt32(), told.GetProperty("used").GetDecimal()), Is.EqualTo(("weekly_requests", 50, 2m)));
        Assert.That(
            (delivery.GetProperty("event").GetString(), delivery.GetProperty("attempts").GetInt32(), delivery.GetProperty("lastStatus").GetInt32(), delivery.GetProperty("eventId").GetGuid()),
            Is.EqualTo(("budget", 1, 200, told.GetProperty("id").GetGuid())));
        var alert = (await _gateway.Admin.GetAsync("/api/v1/admin/alerts?type=budget&limit=1")).Expect(200).Json.GetProperty("items")[0];
        Assert.That((alert.GetProperty("id").GetGuid(), alert.GetProperty("scopeId").GetGuid(), alert.GetProperty("amount").GetDecimal()), Is.EqualTo((told.GetProperty("id").GetGuid(), user.Id, 4m)));
    }

    [Test]
    public async Task Provider_ThatRejectsTheKey_IsToldOnce()
    {
        var webhook = await CreateAsync("provider");
        var user = await _gateway.CreateUserAsync();
        _gateway.Provider.Reset(Answers.Error(401, "Incorrect API key provided", "invalid_request_error", "invalid_api_key"));

        for (var i = 0; i < 3; i++) (await user.Caller.GenerateAsync()).Expect(502, "provider_failed");
        _gateway.Services.GetRequiredService<AlertFeed>().Wake();
        await _receiver.ArrivalsAsync();

        await DeliveredAsync(webhook);
        var told = JsonElement.Parse(_receiver.Seen.Single().Body);
        Assert.That((told.GetProperty("type").GetString(), told.GetProperty("provider").GetString(), told.GetProperty("problem").GetString()), Is.EqualTo(("provider", "openai", "misconfigured")));
        Assert.That(told.TryGetProperty("model", out _), Is.False, "the key is of every model");
    }

    [Test]
    public async Task Request_WithAnUnknownOutcome_IsToldWithItsId()
    {
        await CreateAsync("record");
        var user = await _gateway.CreateUserAsync();
        _gateway.Provider.Reset(Answers.Drop);

        await user.Caller.GenerateAsync();
        await Eventually.GetAsync(() => user.Caller.UsageAsync(), records => records.Count == 1 && records[0].GetProperty("status").GetString() == "unknown");
        _gateway.Services.GetRequiredService<AlertFeed>().Wake();
        await _receiver.ArrivalsAsync();

        var told = JsonElement.Parse(_receiver.Seen[0].Body);
        Assert.That((told.GetProperty("type").GetString(), told.GetProperty("problem").GetString(), told.GetProperty("count").GetInt64()), Is.EqualTo(("record", "unknown", 1L)));
        Assert.That(told.GetProperty("requests")[0].GetString(), Is.EqualTo((await user.Caller.UsageAsync())[0].GetProperty("id").GetString()));
    }

    [Test]
    public async Task Webhook_ThatIsChangedDisabledAndDeleted_IsListedAsItIs_WithoutItsSecret()
    {
        var made = (await _gateway.Admin.PostAsync(Webhooks, new { url = $"{_receiver.Address}", events = new[] { "budget" }, format = "slack" })).Expect(201);
        var (id, secret) = (made.Json.GetProperty("id").GetGuid(), made.Json.GetProperty("secret").GetString()!);

        var changed = (await _gateway.Admin.PatchAsync($"{Webhooks}/{id}", new { events = new[] { "record", "provider" }, format = "teams", disabled = true })).Expect(200);
        var refused = (await _gateway.Admin.SendAsync(HttpMethod.Post, $"{Webhooks}/{id}/test")).Expect(409, "conflict");
        var read = (await _gateway.Admin.GetAsync($"{Webhooks}/{id}")).Expect(200);
        var rotated = (await _gateway.Admin.SendAsync(HttpMethod.Post, $"{Webhooks}/{id}/rotate")).Expect(200);
        (await _gateway.Admin.DeleteAsync($"{Webhooks}/{id}")).Expect(204);

        Assert.That(secret, Does.Match("^whsec_[A-Za-z0-9_-]{43}$"));
        Assert.That(rotated.Json.GetProperty("secret").GetString(), Is.Not.EqualTo(secret));
        Assert.That(read.Text, Is.EqualTo(changed.Text).And.Not.Contain(secret));
        Assert.That(
            (read.Json.GetProperty("events").GetRawText(), read.Json.GetProperty("format").GetString(), read.Json.GetProperty("disabledBecause").GetString()),
            Is.EqualTo(("""["record","provider"]""", "teams", "disabled")));
        Assert.That(refused.Text, Does.Contain("is disabled"));
        (await _gateway.Admin.GetAsync($"{Webhooks}/{id}")).Expect(404);
        (await _gateway.Admin.GetAsync($"{Webhooks}/{id}/deliveries")).Expect(404);
        (await _gateway.Admin.PatchAsync($"{Webhooks}/{id}", new { disabled = false })).Expect(404);
    }

    [Test]
    public async Task Deliveries_WhenPaged_AreEachThereOnceNewestFirst()
    {
        var id = await CreateAsync("budget");
        for (var i = 0; i < 5; i++) (await _gateway.Admin.SendAsync(HttpMethod.Post, $"{Webhooks}/{id}/test")).Expect(202);

        var seen = new List<JsonElement>();
        var next = "";
        do
        {
            var page = (await _gateway.Admin.GetAsync($"{Webhooks}/{id}/deliveries?limit=2{next}")).Expect(200).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").ValueKind == JsonValueKind.Null ? "" : $"&next={page.GetProperty("next").GetString()}";
        }
        while (next.Length > 0);

        Assert.That(seen.Select(each => each.GetProperty("id").GetGuid()).Distinct().Count(), Is.EqualTo(5));
        Assert.That(seen.Select(each => each.GetProperty("createdAt").GetDateTimeOffset()), Is.Ordered.Descending);
        Assert.That(seen.Select(each => each.GetProperty("event").GetString()), Is.All.EqualTo("test"));
    }

    [TestCase("""{"events":["budget"]}""", "url")]
    [TestCase("""{"url":"ftp://example.com/"}""", "url")]
    [TestCase("""{"url":"http://169.254.169.254/latest"}""", "url")]
    [TestCase("""{"url":"https://me:secret@example.com/"}""", "url")]
    [TestCase("""{"url":"https://example.com/","events":[]}""", "events")]
    [TestCase("""{"url":"https://example.com/","events":["test"]}""", "events")]
    [TestCase("""{"url":"https://example.com/","events":[null]}""", "events")]
    [TestCase("""{"url":"https://example.com/","format":"xml"}""", "format")]
    public async Task Create_WithAWrongMember_IsRefusedAndNamesIt(string body, string field)
    {
        var refused = (await _gateway.Admin.PostAsync(Webhooks, body)).Expect(400, "invalid_request");

        Assert.That(refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field));
    }

    [TestCase("/api/v1/admin/alerts?type=test", "type")]
    [TestCase("/api/v1/admin/alerts?limit=0", "limit")]
    public async Task List_WithAWrongFilter_IsRefusedAndNamesIt(string path, string field) => Assert.That(
        (await _gateway.Admin.GetAsync(path)).Expect(400, "invalid_request").Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field));

    private static Task Ok(SeenRequest request, Microsoft.AspNetCore.Http.HttpContext http) => Task.CompletedTask;

    private async Task<Guid> CreateAsync(string kind) =>
        (await _gateway.Admin.PostAsync(Webhooks, new { url = $"{_receiver.Address}", events = new[] { kind } })).Expect(201).Json.GetProperty("id").GetGuid();

    /// <summary>The only delivery of the webhook, once it is delivered.</summary>
    private async Task<JsonElement> DeliveredAsync(Guid webhook)
    {
        var page = await Eventually.GetAsync(
            async () => (await _gateway.Admin.GetAsync($"{Webhooks}/{webhook}/deliveries")).Expect(200).Json.GetProperty("items"),
            items => items.EnumerateArray().Any(item => item.GetProperty("status").GetString() == "delivered"));
        Assert.That(page.GetArrayLength(), Is.EqualTo(1));
        return page[0];
    }
}
