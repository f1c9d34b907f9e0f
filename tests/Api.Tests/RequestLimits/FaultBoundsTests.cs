using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.RequestLimits;

/// <summary>However many faults a body has, the reply lists at most 20 of them in 2,000 characters, and reading stops there.</summary>
internal sealed class FaultBoundsTests
{
    private const int MostCharacters = 20_000;
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("/api/v1/ai/generate", "{\"messages\":[#]}", "{}", 20_000, "messages")]
    [TestCase("/api/v1/ai/generate", "{\"messages\":[#]}", "{}", 2_700_000, "messages")]
    [TestCase("/api/v1/ai/generate", "{\"messages\":[#]}", "null", 1_000_000, "messages")]
    [TestCase("/api/v1/ai/estimate", "{\"messages\":[#]}", "{}", 200_000, "messages")]
    [TestCase("/api/v1/ai/generate", "{\"messages\":[#]}", "{}", 2_000, "messages[0].role")]
    [TestCase("/api/v1/ai/generate", "{\"prompt\":\"Hi\",\"options\":{\"stop\":[#]}}", "\"\"", 500_000, "options.stop")]
    [TestCase("/api/v1/ai/generate", "{\"prompt\":\"Hi\",\"options\":{\"stop\":[#]}}", "null", 500_000, "options.stop")]
    public async Task Faults_WhenManyInTheNativeApi_AreListedInPart(string path, string body, string member, int count, string field)
    {
        var reply = await _gateway.Admin.PostAsync(path, Fill(body, member, count));

        reply.Expect(400, "invalid_request");
        Assert.That(reply.Text, Has.Length.LessThan(MostCharacters));
        Assert.That(reply.Json.GetProperty("detail").GetString(), Has.Length.AtMost(2_000));
        var faults = reply.Json.GetProperty("errors").EnumerateArray().ToArray();
        Assert.That(faults, Has.Length.InRange(1, 20));
        Assert.That(faults[0].GetProperty("field").GetString(), Is.EqualTo(field));
    }

    [TestCase("/v1/chat/completions", "{\"messages\":[#]}", "1")]
    [TestCase("/v1/responses", "{\"input\":[#]}", "1")]
    [TestCase("/v1/responses", "{\"input\":\"Hi\",\"tools\":[#]}", "1")]
    [TestCase("/v1/embeddings", "{\"model\":\"odd-embedding\",\"input\":[#]}", "{}")]
    public async Task Faults_WhenManyInTheOpenAiApi_AreListedInPart(string path, string body, string member)
    {
        var reply = await _gateway.Admin.PostAsync(path, Fill(body, member, 200_000));

        reply.Expect(400);
        Assert.That(reply.Text, Has.Length.LessThan(MostCharacters));
        Assert.That(reply.Json.GetProperty("error").GetProperty("message").GetString(), Has.Length.AtMost(2_000));
    }

    [TestCase("/v1/chat/completions", "{\"messages\":[#]}")]
    [TestCase("/v1/embeddings", "{\"model\":\"odd-embedding\",\"input\":[#]}")]
    public async Task Body_WithMoreThanAMillionValues_IsRefusedBeforeItIsParsed(string path, string body)
    {
        var reply = await _gateway.Admin.PostAsync(path, Fill(body, "1", 1_000_001));

        reply.Expect(400);
        Assert.That(reply.Json.GetProperty("error").GetProperty("message").GetString(), Does.Contain("1000000"));
    }

    [Test]
    public async Task Body_WithMillionsOfBracketsInAText_IsCountedAsText()
    {
        var reply = await _gateway.Admin.PostAsync(
            "/v1/chat/completions", Fill("{\"messages\":[{\"role\":\"user\",\"content\":\"#\"}]}", "[", 1_100_000));

        Assert.That(reply.Text, Does.Contain("context_length_exceeded"), "the body was read, and only its tokens exceed a limit");
    }

    [Test]
    public async Task Member_WithANameOfAMegabyte_IsNamedInPart()
    {
        var reply = await _gateway.Admin.PostAsync("/api/v1/ai/generate", $"{{\"{new string('x', 1_000_000)}\":1}}");

        reply.Expect(400, "invalid_request");
        Assert.That(reply.Text, Has.Length.LessThan(MostCharacters));
        Assert.That(reply.Json.GetProperty("detail").GetString(), Has.Length.AtMost(2_000));
    }

    [Test]
    public async Task Detail_ThatContainsALongName_IsBounded()
    {
        var reply = await _gateway.Admin.GetAsync($"/v1/models/{new string('x', 6_000)}");

        Assert.That(reply.Status, Is.EqualTo(404));
        Assert.That(reply.Json.GetProperty("error").GetProperty("message").GetString(), Has.Length.AtMost(2_000));
    }

    private static string Fill(string body, string member, int count) =>
        body.Replace("#", string.Join(',', Enumerable.Repeat(member, count)), StringComparison.Ordinal);
}
