using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Anthropic;

/// <summary>The list of models in the form that the client asks for.</summary>
internal sealed class AnthropicModelsTests
{
    private MessagesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Model_ForAClientOfAnthropic_IsInItsForm()
    {
        var reply = (await GetAsync($"/v1/models/{MessagesGateway.Model}")).Expect(200);

        Assert.That(reply.Text, Is.EqualTo(
            """{"id":"claude-sonnet-5-5","display_name":"claude-sonnet-5-5","created_at":"2026-01-02T00:00:00Z","max_input_tokens":1000000,"max_tokens":64000,"retires_at":null,"type":"model"}"""));
        Assert.That(reply.Header("request-id"), Is.EqualTo(reply.Header("x-request-id")));
    }

    [Test]
    public async Task Model_ForEveryOtherClient_IsInTheFormOfOpenAi()
    {
        var reply = (await _stage.Caller.GetAsync($"/v1/models/{MessagesGateway.Model}")).Expect(200);

        Assert.That(reply.Json.GetProperty("object").GetString(), Is.EqualTo("model"));
        Assert.That((await _stage.Caller.GetAsync("/v1/models")).Expect(200).Json.GetProperty("object").GetString(), Is.EqualTo("list"));
    }

    [Test]
    public async Task Pages_ForwardsAndBackwards_HoldEveryModelOnce()
    {
        var all = IdsOf(await PageAsync("?limit=1000"));
        Assert.That(all, Has.Length.AtLeast(3).And.Member(MessagesGateway.Model));

        var forwards = new List<string>();
        for (var query = "?limit=2"; ; query = $"?limit=2&after_id={forwards[^1]}")
        {
            var page = await PageAsync(query);
            forwards.AddRange(IdsOf(page));
            if (!page.GetProperty("has_more").GetBoolean()) break;
        }

        var backwards = new List<string>();
        for (var before = all[^1]; ; before = backwards[0])
        {
            var page = await PageAsync($"?limit=2&before_id={before}");
            backwards.InsertRange(0, IdsOf(page));
            if (!page.GetProperty("has_more").GetBoolean()) break;
        }

        Assert.That(forwards, Is.EqualTo(all));
        Assert.That(backwards, Is.EqualTo(all[..^1]));
    }

    [TestCase("?limit=0", "limit")]
    [TestCase("?limit=1001", "limit")]
    [TestCase("?after_id=none", "after_id")]
    public async Task Page_OfAWrongQuery_IsRefusedByName(string query, string field) =>
        Assert.That((await GetAsync($"/v1/models{query}")).Expect(400).Json.GetProperty("error").GetProperty("message").GetString(), Does.StartWith($"{field}: "));

    [Test]
    public async Task Model_Unknown_IsNotFoundInTheFormOfTheClient() =>
        Assert.That((await GetAsync("/v1/models/none")).Expect(404).Json.GetProperty("error").GetProperty("type").GetString(), Is.EqualTo("not_found_error"));

    [TestCase("/")]
    [TestCase("/api/hello")]
    public async Task Probe_OfAClient_IsAnswered(string path) =>
        (await _stage.Gateway.Anonymous.SendAsync(_stage.Gateway.Anonymous.Request(HttpMethod.Head, path))).Expect(200);

    private async Task<JsonElement> PageAsync(string query)
    {
        var page = (await GetAsync($"/v1/models{query}")).Expect(200).Json;
        var ids = IdsOf(page);
        Assert.That((page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString()), Is.EqualTo((ids.FirstOrDefault(), ids.LastOrDefault())));
        return page;
    }

    private static string[] IdsOf(JsonElement page) => [.. page.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!)];

    private Task<Reply> GetAsync(string path)
    {
        var request = _stage.Caller.Request(HttpMethod.Get, path);
        request.Headers.Add("anthropic-version", "2023-06-01");
        return _stage.Caller.SendAsync(request);
    }
}
