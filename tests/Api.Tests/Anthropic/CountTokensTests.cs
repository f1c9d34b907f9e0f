using AiGateway.Api.Tests.Hosting;
using AiGateway.Domain;

namespace AiGateway.Api.Tests.Anthropic;

/// <summary>Counting is free: the provider counts where it can, else the gateway.</summary>
internal sealed class CountTokensTests
{
    private const string Path = "/v1/messages/count_tokens";
    private const string Body = """{"model":"claude-sonnet-5-5","messages":[{"role":"user","content":"hi"}]}""";
    private MessagesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void Reset() => _stage.Provider.Reset();

    [Test]
    public async Task Count_OfAProviderThatCounts_IsItsReply()
    {
        _stage.Provider.Count = () => """{"input_tokens":14,"context_management":null}"""u8.ToArray();

        var reply = (await _stage.Caller.PostAsync($"{Path}?beta=true", Body)).Expect(200);

        Assert.That(reply.Text, Is.EqualTo("""{"input_tokens":14,"context_management":null}"""));
        Assert.That(_stage.Provider.Counted, Is.EqualTo((Body, MessagesGateway.Model)));
        Assert.That(await _stage.Caller.UsageAsync(), Is.Empty, "free of charge");
    }

    [TestCase(404)]
    [TestCase(405)]
    public async Task Count_OfAServerThatCannotCount_IsWhatWouldBeHeld(int status)
    {
        _stage.Provider.Count = () => throw new ProviderException(ErrorCode.ProviderFailed, "claude-server", "No.") { ProviderStatus = status };

        var reply = (await _stage.Caller.PostAsync(Path, Body)).Expect(200);

        Assert.That(reply.Text, Is.EqualTo("""{"input_tokens":34}"""), "two bytes, and 32 for the message");
    }

    [Test]
    public async Task Count_ThatTheProviderRefuses_HasItsWords()
    {
        _stage.Provider.Count = () => throw new ProviderException(ErrorCode.ProviderRejected, "claude-server", "messages: bad") { ProviderStatus = 400 };

        var reply = (await _stage.Caller.PostAsync(Path, Body)).Expect(400);

        Assert.That(reply.Json.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo("messages: bad"));
    }

    [Test]
    public async Task Count_FollowsTheRulesOfAMessage()
    {
        var reply = (await _stage.Caller.PostAsync(Path, Body.Replace("\"hi\"", """[{"type":"container_upload","file_id":"f"}]""", StringComparison.Ordinal))).Expect(400);

        Assert.That(reply.Text, Does.Contain("messages[0].content[0]"));
        Assert.That(_stage.Provider.Counted, Is.Null);
    }
}
