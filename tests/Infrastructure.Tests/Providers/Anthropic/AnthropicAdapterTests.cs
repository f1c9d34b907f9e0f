using System.Text;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Infrastructure.Pricing.Tokens;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.Credentials;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.Anthropic;

/// <summary>What goes to the provider and what comes back, plain and streamed.</summary>
[TestFixture]
internal sealed class AnthropicAdapterTests
{
    private const string Body = """{"model":"gpt-test","max_tokens":100,"messages":[{"role":"user","content":"Hi"}],"later":{"x":1.0}}""";

    private static readonly ModelCall Streamed = TestCall.Of(request => request with { Stream = true });

    [Test]
    public async Task Call_WhenSent_HasAddressKeyAndVersion()
    {
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Server);

        var reply = await wire.AskAsync();

        var seen = wire.Provider.Seen.Single();
        Assert.Multiple(() =>
        {
            Assert.That((seen.Method, seen.Target), Is.EqualTo(("POST", "/v1/messages")));
            Assert.That(seen.Headers["x-api-key"], Is.EqualTo(AnthropicWire.ApiKey));
            Assert.That(seen.Headers["anthropic-version"], Is.EqualTo("2023-06-01"));
            Assert.That(seen.Headers["content-type"], Is.EqualTo("application/json"));
            Assert.That(seen.Headers, Does.Not.ContainKey("authorization").And.Not.ContainKey("anthropic-beta"));
            Assert.That((reply.Content, reply.FinishReason, reply.ProviderRequestId), Is.EqualTo(("Hello there.", "stop", AnthropicAnswers.RequestId)));
            Assert.That(Encoding.UTF8.GetString(reply.Body.Span), Is.EqualTo(AnthropicAnswers.Message));
        });
    }

    [Test]
    public async Task Call_InTheClientsJson_KeepsItsBytesAndHeaders()
    {
        await using var wire = await AnthropicWire.StartAsync(
            account => account with { Credential = new FixedKey("t") { Header = "Authorization", Prefix = "Bearer " } }, AnthropicAnswers.Server);
        var request = AnthropicRequestTests.Wire(Body) with
        {
            Headers = [new("anthropic-version", "2026-10-21"), new("anthropic-beta", "a-2026-01-01,b-2026-02-02")],
        };

        await wire.AskAsync(TestCall.Of() with { Wire = request });

        var seen = wire.Provider.Seen.Single();
        Assert.That(seen.Body, Is.EqualTo(Body));
        Assert.That(
            (seen.Headers["anthropic-version"], seen.Headers["anthropic-beta"], seen.Headers["authorization"]),
            Is.EqualTo(("2026-10-21", "a-2026-01-01,b-2026-02-02", "Bearer t")));
    }

    [Test]
    public async Task Stream_WhenComplete_HandsOutEveryEventUntouched()
    {
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Server);

        var reply = await wire.AskAsync(Streamed);
        var (payloads, chunks, failure) = await reply.ReadAsync();

        Assert.Multiple(() =>
        {
            Assert.That(failure, Is.Null);
            Assert.That(payloads, Is.EqualTo(AnthropicAnswers.Events));
            Assert.That(chunks.Select(each => each.EventType), Does.Contain("ping").And.Contain("later_event"));
            Assert.That(chunks[0].PromptUsage?.PromptTokens, Is.EqualTo(1000));
            Assert.That(chunks[^2].Usage, Is.EqualTo(new TokenUsage(1000, 12, 695, 300, 4, 200)));
            Assert.That((reply.Model, reply.ProviderRequestId), Is.EqualTo(("claude-opus-5-5", AnthropicAnswers.RequestId)));
        });
    }

    [Test]
    public async Task Stream_CutAtAnyEvent_FailsUnlessTheReasonToStopCame()
    {
        for (var count = 0; count < AnthropicAnswers.Events.Count; count++)
        {
            foreach (var end in new[] { StreamEnd.InOrder, StreamEnd.Broken })
            {
                await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Stream(AnthropicAnswers.Events.Take(count), end));

                var failure = await EndOfAsync(wire);

                var isWhole = count == AnthropicAnswers.Events.Count - 1 && end == StreamEnd.InOrder;
                Assert.That(failure is null, Is.EqualTo(isWhole), $"{count} events, {end}");
            }
        }
    }

    [Test]
    public async Task Stream_CutWithinAnEvent_Fails()
    {
        var text = string.Concat(AnthropicAnswers.Events.Select(each => $"data: {each}\n\n"));
        foreach (var length in new[] { 3, 100, 700, text.Length / 2, text.Length - 60 })
        {
            await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Raw([text[..length]]));

            Assert.That((await EndOfAsync(wire))?.Outcome, Is.EqualTo(AttemptOutcome.Unknown), $"{length} characters");
        }
    }

    [TestCase("message_start twice", 7)]
    [TestCase("[DONE] before the reason to stop", 7)]
    public async Task Stream_OfABrokenServer_IsMalformed(string fault, int after)
    {
        var odd = fault.StartsWith("[DONE]", StringComparison.Ordinal) ? "[DONE]" : AnthropicAnswers.MessageStart;
        var events = AnthropicAnswers.Events.Take(after).Select(each => $"data: {each}\n\n").Append($"data: {odd}\n\n");
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Raw(events));

        Assert.That((await EndOfAsync(wire))?.Message, Does.Contain("malformed"));
    }

    [Test]
    public async Task Stream_FollowedByDone_IsWhole()
    {
        var events = AnthropicAnswers.Events.SkipLast(1).Append("""{"type":"message_delta","delta":{},"usage":{"output_tokens":14}}""").Select(each => $"data: {each}\n\n").Append("data: [DONE]\n\n");
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Raw(events));

        var (_, chunks, failure) = await (await wire.AskAsync(Streamed)).ReadAsync();

        Assert.That((failure, chunks[^1].Usage?.CompletionTokens), Is.EqualTo(((Exception?)null, (long?)14)));
    }

    [Test]
    public async Task PlainMessage_ForAStream_IsHandedOutAsEvents()
    {
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Json(AnthropicAnswers.Message));

        var (_, chunks, failure) = await (await wire.AskAsync(Streamed)).ReadAsync();

        Assert.That(failure, Is.Null);
        Assert.That(string.Concat(chunks.Select(each => each.Content)), Is.EqualTo("Hello there."));
        Assert.That(chunks[^2].Usage, Is.EqualTo(new TokenUsage(1000, 12, 695, 300, 4, 200)));
    }

    [Test]
    public async Task Stream_ForAPlainMessage_IsPutTogether()
    {
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Stream(AnthropicAnswers.Events));

        var reply = await wire.AskAsync();

        Assert.That((reply.Content, reply.FinishReason, reply.Usage), Is.EqualTo(("Hello there.", "stop", (TokenUsage?)new TokenUsage(1000, 12, 695, 300, 4, 200))));
    }

    [Test]
    public async Task CountTokens_AsksTheProvider_AtItsNameOfTheModel()
    {
        await using var wire = await AnthropicWire.StartAsync(
            account => account with { Models = new Dictionary<string, ProviderModel> { ["gpt-test"] = new("gpt-test", "claude-there") } }, AnthropicAnswers.Server);
        var request = AnthropicRequestTests.Wire("""{"model":"gpt-test","messages":[]}""") with { Headers = [new("anthropic-beta", "b")] };

        var counted = await wire.Adapter.CountTokensAsync(request, "gpt-test", TestCall.RequestId, TestCall.UserId, CancellationToken.None);

        var seen = wire.Provider.Seen.Single();
        Assert.That(Encoding.UTF8.GetString(counted.Body.Span), Is.EqualTo("""{"input_tokens":14}"""));
        Assert.That(
            (seen.Target, seen.Body, seen.Headers["anthropic-beta"]),
            Is.EqualTo(("/v1/messages/count_tokens", """{"model":"claude-there","messages":[]}""", "b")));
    }

    [Test]
    public async Task Health_IsAskedAtTheListOfModels()
    {
        await using var wire = await AnthropicWire.StartAsync(AnthropicAnswers.Server, AnthropicAnswers.Error(401, "authentication_error", "invalid x-api-key"));

        Assert.That((await wire.Adapter.CheckHealthAsync(CancellationToken.None)).State, Is.EqualTo(HealthState.Healthy));
        Assert.That((await wire.Adapter.CheckHealthAsync(CancellationToken.None)).State, Is.EqualTo(HealthState.Unhealthy));
        Assert.That((wire.Provider.Seen[0].Method, wire.Provider.Seen[0].Target), Is.EqualTo(("GET", "/v1/models")));
    }

    // 20 bytes of text and 32 for the message.
    [TestCase(false, 52)]
    [TestCase(true, 52 + 2 + 804)]
    public void Estimate_OfARequestWithTools_HoldsTheirHiddenPrompt(bool hasTools, long tokens)
    {
        using var adapter = AnthropicWire.Connect(Account(), PriceBook.Load(null), new TokenCounter());
        var call = CallOf("claude-opus-5-5", new string('a', 20), hasTools ? ["{}"] : []);

        Assert.That(adapter.EstimateCost(call).PromptTokens, Is.EqualTo(tokens));
    }

    [TestCase(90_000, 1)]
    [TestCase(100_001, 5)]
    public void Estimate_OfALongPromptToTheSmallModel_HoldsTheHighRate(int characters, int factor)
    {
        using var adapter = AnthropicWire.Connect(Account(), PriceBook.Load(null), new TokenCounter());
        var call = CallOf("claude-haiku-5-5", new string('a', characters), []);

        var estimate = adapter.EstimateCost(call);

        // The most expensive input is the one-hour write at 0.20 a million; the output costs 0.50.
        Assert.That(estimate.PromptTokens, Is.EqualTo(characters + 32));
        Assert.That(estimate.MaxCostNanoUsd, Is.EqualTo(factor * ((200 * estimate.PromptTokens) + (500 * 100))));
        Assert.That(
            call.CostNanoUsd(new TokenUsage(characters, 10, 40_000, 20_000), ServiceTier.Standard, call.Request.ReceivedAt),
            Is.EqualTo(factor * ((100L * (characters - 60_000)) + (10 * 40_000) + (125 * 20_000) + (500 * 10))));
    }

    [Test]
    public void Image_IsBoundedByTheLargestOne()
    {
        using var adapter = AnthropicWire.Connect(Account(), PriceBook.Load(null), new TokenCounter());
        var call = CallOf("claude-sonnet-5-5", "", []);
        call = call with { Request = call.Request with { Extras = new PromptExtras { Images = 2 } } };

        Assert.That(adapter.EstimateCost(call).PromptTokens, Is.EqualTo(32 + (2 * 4_784)));
    }

    private static ProviderAccount Account() => new()
    {
        Name = "anthropic",
        BaseUrl = new Uri("http://127.0.0.1:9"),
        Credential = new FixedKey("k") { Header = "x-api-key" },
        PricedAs = ["anthropic"],
    };

    private static ModelCall CallOf(string name, string prompt, IReadOnlyList<string> tools)
    {
        var model = PriceBook.Load(null).FindPriced("anthropic", name)!;
        var call = TestCall.Of(request => request with { Prompt = prompt, Extras = new PromptExtras { Texts = tools } });
        return call with { Model = model, Price = model.PriceOn(new DateOnly(2026, 11, 26)) };
    }

    private static async Task<ProviderException?> EndOfAsync(AnthropicWire wire)
    {
        try
        {
            return (ProviderException?)(await (await wire.AskAsync(Streamed)).ReadAsync()).Failure;
        }
        catch (ProviderException early)
        {
            return early;
        }
    }
}
