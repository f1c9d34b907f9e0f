using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration.Providers;
using AiGateway.Infrastructure.Providers.OpenAi;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

/// <summary>The bytes of requests and replies when nothing fails.</summary>
[TestFixture]
internal sealed class OpenAiWireTests
{
    [Test]
    public async Task Generate_WhenAnswered_SendsTheRequestAndReturnsTheReply()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Ok);

        var reply = await wire.AskAsync();

        var seen = wire.Provider.Seen.Single();
        Assert.Multiple(() =>
        {
            Assert.That(seen.Method, Is.EqualTo("POST"));
            Assert.That(seen.Target, Is.EqualTo("/v1/chat/completions"));
            Assert.That(seen.Body, Is.EqualTo("""{"model":"gpt-test","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}"""));
            Assert.That(reply.Content, Is.EqualTo("Hello."));
            Assert.That(reply.Usage, Is.EqualTo(new TokenUsage(9, 3)));
            Assert.That(System.Text.Encoding.UTF8.GetString(reply.Body.Span), Is.EqualTo(Answers.Completion));
            Assert.That(wire.Log.Lines, Is.Empty);
        });
    }

    [Test]
    public async Task Generate_WhenSent_HasTheGatewaysKeyAndNothingOfTheCaller()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Ok);
        using var callersTrace = new System.Diagnostics.Activity("caller").AddBaggage("canary", "CANARY-BAGGAGE").Start();

        await wire.AskAsync();

        var headers = wire.Provider.Seen.Single().Headers;
        Assert.Multiple(() =>
        {
            Assert.That(headers["authorization"], Is.EqualTo($"Bearer {OpenAiWire.ApiKey}"));
            Assert.That(headers["content-type"], Is.EqualTo("application/json"));
            Assert.That(
                headers.Keys, Is.EquivalentTo(new[] { "accept", "authorization", "content-length", "content-type", "host", "openai-beta", "user-agent" }));
        });
    }

    [TestCase("")]
    [TestCase("/")]
    public async Task Generate_WhenBaseUrlHasAPath_KeepsIt(string ending)
    {
        await using var provider = await ScriptedProvider.StartAsync(Answers.Ok);
        using var connection = new OpenAiClientConnection(
            ProviderShorthand.OfOpenAi(new Uri(provider.Address, "some/proxy/v1" + ending), OpenAiWire.ApiKey, new()));

        using var answer = await connection.SendAsync(connection.NewRequest(TestCall.Of(), "{}"u8.ToArray()), CancellationToken.None);

        Assert.That(provider.Seen.Single().Target, Is.EqualTo("/some/proxy/v1/chat/completions"));
    }

    [Test]
    public async Task Generate_WhenManyAtOnce_AnswersEach()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Ok);

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => wire.AskAsync()));

        Assert.That(replies.Select(reply => reply.Content), Is.All.EqualTo("Hello."));
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(50));
    }

    [Test]
    public async Task Generate_WhenCallerLeaves_ClosesTheConnection()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Hang);
        using var caller = new CancellationTokenSource();
        var asking = wire.Adapter.GenerateAsync(TestCall.Of(), caller.Token);
        await wire.Provider.ArrivalsAsync();

        await caller.CancelAsync();

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        await wire.Provider.HangUpAsync();
        Assert.That(wire.Log.Lines, Is.Empty);
    }

    [Test]
    public async Task Generate_WhenRedirected_DoesNotFollow()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json("{}", 307, ("location", "/elsewhere")));

        var failure = await wire.FailAsync();

        Assert.Multiple(() =>
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderFailed));
            Assert.That(failure.ProviderStatus, Is.EqualTo(307));
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Generate_WhenCookiesAreSet_ForgetsThem()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json(Answers.Completion, 200, ("set-cookie", "session=1")));
        await wire.AskAsync();

        await wire.AskAsync();

        Assert.That(wire.Provider.Seen[^1].Headers, Does.Not.ContainKey("cookie"));
    }
}
