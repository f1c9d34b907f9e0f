using System.Text;
using System.Text.Json;
using AiGateway.Api.Tests.Bounds;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Clients;

/// <summary>Unusual requests of well-known clients, from public reports. Each test is named for its kind.</summary>
internal sealed class OddRequestTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private BoundGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundGateway.StartAtPricesAsync("""
        {"models": [
          {"model": "gpt-5-round", "provider": "openai", "contextWindow": 1000000, "maxOutputTokens": 4000, "capabilities": ["chat", "embeddings", "tools", "vision"],
           "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "0", "free": true}]},
          {"model": "meta-llama/llama-4", "provider": "openai", "contextWindow": 1000000, "maxOutputTokens": 4000,
           "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "0", "free": true}]},
          {"model": "ft:gpt-4o:org:name:id", "provider": "openai", "contextWindow": 1000000, "maxOutputTokens": 4000,
           "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "0", "free": true}]}
        ]}
        """);

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("100")]
    [TestCase("1e2")]
    [TestCase("1E+2")]
    [TestCase("100.0")]
    public async Task OutputLimit_WrittenInAnotherForm_IsReadAsTheNumber(string limit)
    {
        _stage.Gateway.Provider.Reset(Answers.Completion());

        (await _stage.Caller.PostAsync(Chat, $$"""{"model":"gpt-5-round","max_tokens":{{limit}},"messages":[{"role":"user","content":"q"}]}""")).Expect(200);

        var sent = JsonElement.Parse(_stage.Gateway.Provider.Seen.Single().Body);
        Assert.That(sent.EnumerateObject().Single(member => member.Name.StartsWith("max_", StringComparison.Ordinal)).Value.GetDecimal(), Is.EqualTo(100));
    }

    [TestCase("1.5")]
    [TestCase("0.0")]
    [TestCase("1e40")]
    [TestCase("\"100\"")]
    public async Task OutputLimit_ThatIsNoPositiveWholeNumber_IsRefusedByName(string limit)
    {
        var error = await _stage.RefusedAsync(Chat, $$"""{"model":"gpt-5-round","max_tokens":{{limit}},"messages":[{"role":"user","content":"q"}]}""");

        Assert.That(error.GetProperty("param").GetString(), Is.EqualTo("max_tokens"));
    }

    [TestCase(Chat, """{"model":"gpt-5-round","input":"q"}""", "messages", "/v1/responses")]
    [TestCase(Responses, """{"model":"gpt-5-round","messages":[{"role":"user","content":"q"}]}""", "input", "/v1/chat/completions")]
    public async Task Body_OfAnotherEndpoint_IsRefusedAndTheReplyNamesThatEndpoint(string path, string body, string param, string right)
    {
        var error = await _stage.RefusedAsync(path, body);

        Assert.That(error.GetProperty("param").GetString(), Is.EqualTo(param));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain(right));
    }

    [TestCase("//v1/chat/completions")]
    [TestCase("/v1//chat/completions")]
    [TestCase("///v1////chat//completions")]
    public async Task Path_WithRepeatedSlashes_IsServed(string path) =>
        (await _stage.Caller.SendAsync(Raw(path, """{"model":"gpt-5-round","messages":[{"role":"user","content":"q"}]}"""))).Expect(200);

    [TestCase("x-session")]
    [TestCase("User-Agent")]
    [TestCase("Referer")]
    public async Task Header_WithAByteBeyondAscii_IsServed(string name)
    {
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1 });
        using var request = _stage.Caller.Request(HttpMethod.Get, "/v1/models");
        request.Headers.TryAddWithoutValidation(name, "caf\u00E9");

        using var reply = await http.SendAsync(request);

        Assert.That((int)reply.StatusCode, Is.EqualTo(200));
    }

    [TestCase("/v1/models/meta-llama/llama-4", "meta-llama/llama-4")]
    [TestCase("/v1/models/meta-llama%2Fllama-4", "meta-llama/llama-4")]
    [TestCase("/v1/models/meta-llama%2fllama-4", "meta-llama/llama-4")]
    [TestCase("/v1/models/ft:gpt-4o:org:name:id", "ft:gpt-4o:org:name:id")]
    [TestCase("/openai/models/meta-llama/llama-4?api-version=1", "meta-llama/llama-4")]
    public async Task Model_WithASlashInItsName_CanBeRead(string path, string id) =>
        Assert.That((await _stage.Caller.GetAsync(path)).Expect(200).Json.GetProperty("id").GetString(), Is.EqualTo(id));

    [Test]
    public async Task Models_WhenListed_CanEachBeRead()
    {
        var listed = (await _stage.Caller.GetAsync("/v1/models?limit=1000")).Expect(200).Json.GetProperty("data");

        Assert.That(listed.GetArrayLength(), Is.GreaterThan(3));
        foreach (var model in listed.EnumerateArray())
            (await _stage.Caller.GetAsync($"/v1/models/{Uri.EscapeDataString(model.GetProperty("id").GetString()!)}")).Expect(200);
    }

    [TestCase("", false)]
    [TestCase("?client_version=0.169.0", true)]
    public async Task Models_ForCodex_HaveTheMemberThatItNeeds(string query, bool has)
    {
        var list = (await _stage.Caller.GetAsync($"/v1/models{query}")).Expect(200).Json;

        Assert.That(list.TryGetProperty("models", out var models), Is.EqualTo(has));
        if (has) Assert.That(models.GetArrayLength(), Is.Zero, "the client rejects entries that are not in its own format");
        Assert.That(list.GetProperty("data").GetArrayLength(), Is.Positive);
    }

    [TestCase(Chat, """{"model":"gpt-5-round","messages":[{"role":"user","content":"q"}]}""")]
    [TestCase(Responses, """{"model":"gpt-5-round","input":"q"}""")]
    [TestCase("/v1/embeddings", """{"model":"gpt-5-round","input":"q"}""")]
    public async Task Model_ForChatAndEmbeddings_ServesEveryKindOfRequest(string path, string body) =>
        (await _stage.Caller.PostAsync(path, body)).Expect(200);

    // An image with an HTTP address, and a message with tool calls and no content.
    [TestCase("""{"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"t"},{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]}""")]
    [TestCase("""{"role":"user","content":[{"type":"image_url","image_url":"https://example.com/a.png"}]}""")]
    public async Task Image_InAToolMessageOrAsABareAddress_PassesAndIsHeldAsAnImage(string message)
    {
        var calls = """{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}""";

        var held = await _stage.HeldForAsync(Chat, $$"""{"model":"gpt-5-round","max_tokens":16,"messages":[{{calls}},{{message}}]}""");

        Assert.That(held, Is.InRange(BoundGateway.Image, BoundGateway.Image + 500));
    }

    [TestCase("tool_search_call", """{"type":"tool_search_call","call_id":"c","status":"completed","execution":"client","arguments":{"q":"x"}}""", 1_000)]
    [TestCase("reasoning", """{"type":"reasoning","summary":[{"type":"summary_text","text":"t"}],"content":null,"encrypted_content":null}""", 1_000)]
    [TestCase("agent_message", """{"type":"agent_message","author":"a","content":[{"type":"input_text","text":"t"}]}""", int.MaxValue)]
    public async Task Item_OfAnAgent_Passes(string kind, string item, int most) =>
        Assert.That(
            await _stage.HeldForAsync(Responses, $$"""{"model":"gpt-5-round","max_output_tokens":16,"input":[{{item}},{"role":"user","content":"q"}]}"""),
            Is.InRange(5, most), kind);

    [Test]
    public async Task Body_WithLargeImagesAndManyMessages_IsServed()
    {
        const int Images = 12;
        var image = $$"""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{new string('A', 1024 * 1024)}}"} }]}""";
        var text = """{"role":"user","content":"q"}""";
        var messages = string.Join(',', Enumerable.Repeat(text, 300).Concat(Enumerable.Repeat(image, Images)));

        var held = await _stage.HeldForAsync(Chat, $$"""{"model":"gpt-5-round","max_tokens":16,"messages":[{{messages}}]}""");

        Assert.That(held, Is.InRange(Images * BoundGateway.Image, (Images * BoundGateway.Image) + 5_000));
    }

    [TestCase("""{"model":"gpt-5-round","model":"gpt-5-round","messages":[{"role":"user","content":"q"}]}""", "byte")]
    [TestCase("""{"model":"gpt-5-round","messages":[{"role":"user","role":"user","content":"q"}]}""", "byte")]
    [TestCase("""{"model":"gpt-5-round","messages":[{"role":"user","content":"\ud800"}]}""", "byte")]
    public async Task Json_ThatTwoParsersReadDifferently_IsRefusedAndThePositionIsNamed(string body, string place) =>
        Assert.That((await _stage.RefusedAsync(Chat, body)).GetProperty("message").GetString(), Does.Contain(place));

    [Test]
    public async Task Body_OfALongAgentTurn_ReachesTheProviderByteForByteInEveryTurn()
    {
        var tools = string.Join(",", Enumerable.Range(0, 29).Select(each => $$"""{ "type":"function","function":{"name":"f{{each}}","parameters":{"type":"object"} } }"""));
        var body = $$"""{"model":"gpt-5-round","max_tokens":16,"messages":[{"role":"user","content":"\ud83d\ude00 🙂"}],"seed":12345678901234567890,"temperature":1e-7,"tools":[{{tools}}]}""";
        var sent = new List<string>();
        for (var turn = 0; turn < 2; turn++)
        {
            _stage.Gateway.Provider.Reset(Answers.Completion());
            (await _stage.Caller.PostAsync(Chat, body)).Expect(200);
            sent.Add(_stage.Gateway.Provider.Seen.Single().Body);
        }

        Assert.That(sent, Is.All.EqualTo(body));
    }

    [Test]
    public async Task PreviousResponse_ThatIsUnknown_IsOpenAisOwnError()
    {
        var error = await _stage.RefusedAsync(Responses, """{"model":"gpt-5-round","input":"q","previous_response_id":"resp_unknown"}""");

        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("previous_response_not_found"));
        Assert.That(error.GetProperty("param").GetString(), Is.EqualTo("previous_response_id"));
    }

    // HttpRequestMessage would read an address that begins with two slashes as a host.
    private HttpRequestMessage Raw(string path, string body)
    {
        var request = _stage.Caller.Request(HttpMethod.Post, "/");
        request.RequestUri = new Uri($"{_stage.Caller.Address.GetLeftPart(UriPartial.Authority)}{path}");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }
}
