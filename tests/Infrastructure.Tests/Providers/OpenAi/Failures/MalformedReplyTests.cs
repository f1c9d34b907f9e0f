using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration.Providers;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi.Failures;

/// <summary>Replies with status 200 that are not completions, and connections that fail.</summary>
[TestFixture]
internal sealed class MalformedReplyTests
{
    [TestCase("")]
    [TestCase("CANARY")]
    [TestCase("{}")]
    [TestCase("""{"choices":[{"message":{"content":"CANARY""")]
    public async Task Reply_WhenMalformed_FailsOnceAndShowsNothingOfIt(string body)
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json(body));

        await AssertFailsOnceAsync(wire, "The provider openai gave a malformed reply.");
    }

    [Test]
    public async Task Reply_WhenHtml_FailsOnceAndShowsNothingOfIt()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Html(200));

        await AssertFailsOnceAsync(wire, "The provider openai gave a malformed reply.");
    }

    [Test]
    public async Task Reply_WhenEndless_IsCut()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Endless);

        await AssertFailsOnceAsync(wire, "The provider openai gave a reply that is too large.");
        await wire.Provider.HangUpAsync();
    }

    [Test]
    public async Task Reply_WhenItsStatedLengthIsTooLarge_IsNotRead()
    {
        await using var wire = await OpenAiWire.StartAsync(async (request, http) =>
        {
            http.Response.ContentLength = long.MaxValue;
            await Answers.HangAfter("{")(request, http);
        });

        await AssertFailsOnceAsync(wire, "The provider openai gave a reply that is too large.");
    }

    [Test]
    public async Task Reply_WhenLarge_IsReadWhole()
    {
        var content = new string('x', 5_000_000);
        await using var wire = await OpenAiWire.StartAsync(Answers.Json($$$"""{"choices":[{"message":{"content":"{{{content}}}"}}]}"""));

        var reply = await wire.AskAsync();

        Assert.That(reply.Content, Has.Length.EqualTo(content.Length));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"choices\":[{\"mess")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"cho\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno length")]
    public async Task Connection_WhenItBreaksWithinTheReply_FailsOnce(string answer)
    {
        await using var provider = new RawProvider(answer);

        var failure = await FailAtAsync(provider.Address, maxRetries: 2);

        Assert.Multiple(() =>
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderFailed));
            Assert.That(failure.Message, Is.EqualTo("The provider openai broke off its reply."));
            Assert.That(provider.Requests, Is.EqualTo(1));
        });
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-")]
    [TestCase("not HTTP at all")]
    [TestCase("")]
    public async Task Connection_WhenItBreaksWithinTheHeaders_IsMadeAgain(string answer)
    {
        await using var provider = new RawProvider(answer);

        var failure = await FailAtAsync(provider.Address, maxRetries: 1);

        Assert.That(failure.Message, Is.EqualTo("The provider openai closed the connection without an answer."));
        Assert.That(provider.Requests, Is.EqualTo(2));
    }

    [Test]
    public async Task Rejection_WhenItsBodyBreaksOff_KeepsItsStatus()
    {
        await using var provider = new RawProvider("HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n{\"error\":{\"mess");

        var failure = await FailAtAsync(provider.Address);

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderRejected));
        Assert.That(failure.ProviderStatus, Is.EqualTo(404));
    }

    [Test]
    public async Task Connection_WhenItBreaksBeforeTheReply_IsMadeAgain()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Drop, Answers.Ok);

        var reply = await wire.AskAsync();

        Assert.That(reply.Content, Is.EqualTo("Hello."));
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Connection_WhenItAlwaysBreaks_FailsAfterAllRetries()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Drop);

        var failure = await wire.FailAsync();

        Assert.Multiple(() =>
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderFailed));
            Assert.That(failure.ProviderStatus, Is.Null);
            Assert.That(failure.Message, Is.EqualTo("The provider openai closed the connection without an answer."));
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(3));
            Assert.That(
                wire.Log.Lines,
                Is.EqualTo(new[] { $"Warning Request {TestCall.RequestId}: provider openai ended with provider_failed, status (null), after 3 attempts" }));
        });
    }

    [TestCase("http://127.0.0.1:1/v1", "cannot be reached")]
    [TestCase("http://no-such-host.invalid/v1", "has a host name that cannot be resolved")]
    public async Task Connection_WhenTheServerIsUnreachable_SaysSo(string baseUrl, string problem)
    {
        var failure = await FailAtAsync(new Uri(baseUrl));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderFailed));
        Assert.That(failure.Message, Is.EqualTo($"The provider openai {problem}."));
    }

    [Test]
    public async Task Connection_WhenItIsNotSecure_SaysSo()
    {
        await using var provider = await ScriptedProvider.StartAsync(Answers.Ok);

        var failure = await FailAtAsync(new UriBuilder(provider.Address) { Scheme = "https" }.Uri);

        Assert.That(failure.Message, Is.EqualTo("The provider openai failed the TLS handshake."));
        Assert.That(provider.Seen, Is.Empty);
    }

    private static async Task<ProviderException> FailAtAsync(Uri baseUrl, int maxRetries = 0)
    {
        var account = ProviderShorthand.OfOpenAi(baseUrl, OpenAiWire.ApiKey, new() { MaxRetries = maxRetries });
        var (adapter, _) = OpenAiWire.Connect(account, TimeProvider.System);
        using (adapter)
        {
            return (await Assert.ThrowsAsync<ProviderException>(() => adapter.GenerateAsync(TestCall.Of(), CancellationToken.None)))!;
        }
    }

    private static async Task AssertFailsOnceAsync(OpenAiWire wire, string message)
    {
        var failure = await wire.FailAsync();

        Assert.Multiple(() =>
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderFailed));
            Assert.That(failure.Message, Is.EqualTo(message));
            Assert.That(failure.ProviderStatus, Is.EqualTo(200));
            Assert.That(failure.ToString(), Does.Not.Contain("CANARY"));
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1));
            Assert.That(wire.Log.Lines, Has.Count.EqualTo(1));
        });
    }
}
