using System.Net.Http.Headers;
using System.Text;
using AiGateway.Conformance.Tests.Hosting;

namespace AiGateway.Conformance.Tests;

/// <summary>A body reaches the provider byte for byte, except for the members that the gateway must change.</summary>
internal sealed class PassThroughTests
{
    private StandInGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await StandInGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void Forget() => _stage.StandIn.Requests.Clear();

    [Test]
    public async Task Body_WhenNothingMustChange_ArrivesByteForByte()
    {
        // White space, escapes, number forms, member order and unknown members are the client's own.
        const string Body = """
            { "future": {"a\u0062 \/": [1, 2.50, 1E+2, -0.0, 12345678901234567890, null]},
              "model" : "gpt-conformance",	"max_tokens":7,
              "messages":[{"content":"Grüße \ud83d\ude42 🙂", "role":"user", "new_member": {}}], "seed": 1 }
            """;

        await PostAsync("chat/completions", Body);

        Assert.That(Seen(), Is.EqualTo(Body));
    }

    [Test]
    public async Task Body_WhenNoLimitIsGiven_GetsTheModelsLimitAlone()
    {
        await PostAsync("chat/completions", """{"messages":[{"role":"user","content":"x"}],"model":"gpt-conformance"}""");

        Assert.That(Seen(), Is.EqualTo("""{"max_tokens":100000,"messages":[{"role":"user","content":"x"}],"model":"gpt-conformance"}"""));
    }

    [Test]
    public async Task Body_WhenStreamed_AlsoAsksForUsage()
    {
        await PostAsync(
            "chat/completions",
            """{"model":"gpt-conformance","max_tokens":9,"stream":true,"stream_options":{"include_obfuscation":false},"messages":[{"role":"user","content":"x"}]}""");

        Assert.That(
            Seen(),
            Is.EqualTo("""{"model":"gpt-conformance","max_tokens":9,"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"messages":[{"role":"user","content":"x"}]}"""));
    }

    [TestCase("embeddings", """{"dimensions":4, "input":["a","b"],"model":"text-embedding-conformance","unknown":[1.0]}""")]
    [TestCase("responses", """{"input":"Hi","model":"gpt-conformance","max_output_tokens":50,"unknown":{"x":[1.0]},"include":["reasoning.encrypted_content"]}""")]
    [TestCase("responses", """{"stream":true,"input":[{"role":"user","content":"Hi"}],"model":"gpt-conformance","max_output_tokens":50}""")]
    public async Task Body_OnOtherPaths_ArrivesByteForByte(string path, string body)
    {
        await PostAsync(path, body);

        Assert.That(Seen(), Is.EqualTo(body));
    }

    [Test]
    public async Task UnknownFields_ThroughTheSdk_ArriveAsTheSdkWroteThem()
    {
        await Sdk.Js.RunAsync("chatUnknownFields", _stage.Direct);
        await Sdk.Js.RunAsync("chatUnknownFields", _stage.Gateway);

        var seen = _stage.StandIn.Requests.All;
        var withoutLimit = Encoding.UTF8.GetString(seen[1].Body.Span).Replace("\"max_tokens\":100000,", "", StringComparison.Ordinal);
        Assert.That(withoutLimit, Is.EqualTo(Encoding.UTF8.GetString(seen[0].Body.Span)));
    }

    [Test]
    public async Task Headers_OfTheClient_AreNotSentToTheProvider()
    {
        await Sdk.Js.RunAsync("chatPlain", _stage.Gateway);

        var seen = _stage.StandIn.Requests.All.Single();
        Assert.That(seen.Headers["authorization"], Is.EqualTo($"Bearer {_stage.Direct.Key}"));
        Assert.That(seen.Headers.Keys, Has.None.StartsWith("x-stainless").IgnoreCase.And.None.EqualTo("cookie").IgnoreCase);
        Assert.That(seen.Headers.Values, Has.None.Contains(StandInGateway.AdminKey));
    }

    [Test]
    public async Task Headers_OfTheReply_AreThoseThatSdksRead()
    {
        var reply = await Sdk.Js.RunAsync("chatWithHeaders", _stage.Gateway, new { text = "Hello" });

        var headers = reply.Value.GetProperty("headers");
        var requestId = reply.Value.GetProperty("requestId").GetString()!;
        Assert.That((await _stage.Ledger.SettledRowAsync(requestId)).Status, Is.EqualTo("settled"));
        Assert.That(headers.GetProperty("openai-processing-ms").GetString(), Does.Match(@"^\d+$"));
        Assert.That(headers.GetProperty("x-ratelimit-limit-requests").GetString(), Is.EqualTo("1000000"));
        Assert.That(headers.GetProperty("content-type").GetString(), Does.StartWith("application/json"));
    }

    private string Seen() => Encoding.UTF8.GetString(_stage.StandIn.Requests.All.Single().Body.Span);

    private async Task PostAsync(string path, string body)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _stage.Gateway.Key);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await http.PostAsync(new Uri($"{_stage.Gateway.BaseUrl}/{path}"), content);
        Assert.That((int)reply.StatusCode, Is.EqualTo(200), await reply.Content.ReadAsStringAsync());
    }
}
