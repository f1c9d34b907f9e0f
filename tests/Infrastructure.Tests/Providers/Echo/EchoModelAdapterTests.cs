using System.Text;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Echo;

namespace AiGateway.Infrastructure.Tests.Providers.Echo;

[TestFixture]
internal sealed class EchoModelAdapterTests
{
    private readonly EchoModelAdapter _echo = new(new FixedPrices(), new WordTokens(), new WatchedTime());

    [Test]
    public async Task Echo_WhenAsked_AnswersInOpenAisJson()
    {
        var reply = await AskAsync(TestCall.Of(request => request with { Prompt = "How are you?" }));

        Assert.Multiple(() =>
        {
            Assert.That(reply.Content, Is.EqualTo("Echo: How are you?"));
            Assert.That(reply.Model, Is.EqualTo("gpt-test"));
            Assert.That(reply.FinishReason, Is.EqualTo("stop"));
            Assert.That(reply.Usage, Is.EqualTo(new TokenUsage(7, 4)));
            Assert.That(
                Encoding.UTF8.GetString(reply.Body.Span),
                Is.EqualTo("""{"id":"chatcmpl-0199c0de00007000800000000000abcd","object":"chat.completion","created":1795341600,"model":"gpt-test","choices":[{"index":0,"message":{"role":"assistant","content":"Echo: How are you?","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":4,"total_tokens":11}}"""));
        });
    }

    [Test]
    public async Task Echo_WhenAskedTwice_AnswersTheSame()
    {
        var first = await AskAsync(TestCall.Of());

        var second = await AskAsync(TestCall.Of());

        Assert.That(second.Body.ToArray(), Is.EqualTo(first.Body.ToArray()));
    }

    [Test]
    public async Task Echo_WhenSeveralChoicesAreAsked_WritesAndCountsEach()
    {
        var reply = await AskAsync(TestCall.Of(request => request with { Prompt = "a b", Choices = 3 }));

        var body = Encoding.UTF8.GetString(reply.Body.Span);
        Assert.That(reply.Usage, Is.EqualTo(new TokenUsage(6, 9)));
        Assert.That(body, Does.Contain("""{"index":2,"message":{"role":"assistant","content":"Echo: a b","""));
        Assert.That(OpenAiReply.FromChatCompletion(reply.Body, "?"), Is.EqualTo(reply with { Model = "gpt-test" }).Using<ModelReply?>(
            (left, right) => left!.Content == right!.Content && left.Usage == right.Usage && left.FinishReason == right.FinishReason));
    }

    [Test]
    public async Task Echo_WhenItsLimitIsReached_StopsThere()
    {
        var reply = await AskAsync(TestCall.Of(request => request with { Prompt = "one two three four five" }, maxCompletionTokens: 3));

        Assert.Multiple(() =>
        {
            Assert.That(reply.Content.Trim(), Is.EqualTo("Echo: one two"));
            Assert.That(reply.FinishReason, Is.EqualTo("length"));
            Assert.That(reply.Usage!.Value.CompletionTokens, Is.EqualTo(3));
        });
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    [TestCase(100)]
    [TestCase(1_000)]
    [TestCase(1_001)]
    public async Task Echo_WhenTextIsLong_NeverExceedsItsLimit(int limit)
    {
        var prompt = string.Join(' ', Enumerable.Range(0, 999).Select(i => $"word-number-{i}"));

        var reply = await AskAsync(TestCall.Of(request => request with { Prompt = prompt }, limit));

        Assert.That(reply.Usage!.Value.CompletionTokens, Is.EqualTo(Math.Min(limit, 1_000)));
        Assert.That(reply.FinishReason, Is.EqualTo(limit < 1_000 ? "length" : "stop"));
    }

    [Test]
    public async Task Echo_WhenCutWithinACharacter_LeavesItOut()
    {
        var perChar = new EchoModelAdapter(new FixedPrices(), new CharTokens(), new WatchedTime());

        var reply = await perChar.GenerateAsync(
            TestCall.Of(request => request with { Prompt = "😀😀" }, maxCompletionTokens: 7), CancellationToken.None);

        Assert.That(reply.Content, Is.EqualTo("Echo: "));
    }

    [Test]
    public async Task Echo_WhenJsonIsAsked_AnswersWithAnObject()
    {
        var reply = await AskAsync(TestCall.Of(request => request with
        {
            Prompt = "say \"hi\"",
            Options = new GenerateOptions { ResponseFormat = "json" },
        }));

        Assert.That(reply.Content, Is.EqualTo("""{"echo":"say \"hi\""}"""));
    }

    [Test]
    public async Task Echo_WhenConversationIsGiven_RepeatsItsLastUserMessage()
    {
        var reply = await AskAsync(TestCall.Of(request => request with
        {
            Prompt = null,
            Messages = [new("user", "first"), new("user", "second"), new("assistant", "third")],
        }));

        Assert.That(reply.Content, Is.EqualTo("Echo: second"));
    }

    [Test]
    public async Task Echo_WithoutAUserMessage_RepeatsTheLastMessage()
    {
        var reply = await AskAsync(TestCall.Of(request => request with { Prompt = null, Messages = [new("system", "only")] }));

        Assert.That(reply.Content, Is.EqualTo("Echo: only"));
    }

    [Test]
    public void Echo_WhenTheCallerLeft_DoesNotAnswer() =>
        Assert.That(
            () => _echo.GenerateAsync(TestCall.Of(), new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public async Task Echo_WhenChecked_IsHealthyAndHasCapacity()
    {
        var health = await _echo.CheckHealthAsync(CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(health.State, Is.EqualTo(HealthState.Healthy));
            Assert.That(health.Name, Is.EqualTo("echo"));
            Assert.That(_echo.CheckQuota().HasCapacity, Is.True);
            Assert.That(_echo.GetRateLimit(), Is.Null);
            Assert.That(_echo.FindModel("gpt-test")!.Provider, Is.EqualTo("echo"));
            Assert.That(_echo.FindModel("gpt-unknown"), Is.Null);
            Assert.That(_echo.EstimateCost(TestCall.Of()).MaxCompletionTokens, Is.EqualTo(100));
        });
    }

    private Task<ModelReply> AskAsync(ModelCall call) => _echo.GenerateAsync(call, CancellationToken.None);

    /// <summary>Counts each UTF-16 unit as one token, which lets a limit fall within a surrogate pair.</summary>
    private sealed class CharTokens : Application.Pricing.ITokenCounter
    {
        public long CountText(string model, string text) => text.Length;

        public bool UsesTokenizer(PricedModel model) => true;

        public long CountPrompt(ModelRequest request, PricedModel model) => CountMessages(request.Conversation);

        public PromptBound BoundPrompt(ModelRequest request, PricedModel model) => new(CountPrompt(request, model));

        private static long CountMessages(IReadOnlyList<ChatMessage> messages) => messages.Sum(message => message.Content.Length);
    }
}
