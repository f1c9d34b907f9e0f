using AiGateway.Domain;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

/// <summary>The gateway's key and the caller's text never appear in an exception or a log line.</summary>
[TestFixture]
internal sealed class SecretsTests
{
    private const string Prompt = "CANARY-PROMPT";

    // A careless provider repeats the key and the prompt wherever it can.
    private static readonly string CarelessBody = $$$"""
        {"error":{"message":"Bearer {{{OpenAiWire.ApiKey}}} / {{{OpenAiWire.ApiKey.ToUpperInvariant()}}}","type":"{{{OpenAiWire.ApiKey}}}","param":"{{{OpenAiWire.ApiKey}}}","code":"{{{OpenAiWire.ApiKey}}}"}}
        """;

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(408)]
    [TestCase(422)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(200)]
    [TestCase(302)]
    public async Task Key_WhenTheProviderRepeatsIt_IsRedacted(int status)
    {
        await using var wire = await OpenAiWire.StartAsync(
            new() { MaxRetries = 0 }, TimeProvider.System, Answers.Json(CarelessBody, status, ("x-debug", OpenAiWire.ApiKey)));

        var failure = await wire.FailAsync(TestCall.Of(request => request with { Prompt = Prompt }));

        AssertNothingShows(wire, failure);
    }

    [Test]
    public async Task Key_WhenTheMessageIsCutWithinIt_IsRedactedWhole()
    {
        var message = new string('m', 1_995) + OpenAiWire.ApiKey;
        await using var wire = await OpenAiWire.StartAsync(Answers.Json($$$"""{"error":{"message":"{{{message}}}"}}""", 400));

        var failure = await wire.FailAsync();

        Assert.That(failure.Message, Is.EqualTo(new string('m', 1_995) + "[reda"));
    }

    [Test]
    public async Task Secrets_WhenTheConnectionFails_DoNotAppear()
    {
        await using var wire = await OpenAiWire.StartAsync(new() { MaxRetries = 0 }, TimeProvider.System, Answers.Drop);

        var failure = await wire.FailAsync(TestCall.Of(request => request with { Prompt = Prompt, EndUser = "CANARY-USER" }));

        AssertNothingShows(wire, failure);
    }

    [Test]
    public async Task Secrets_WhenTheProviderHangs_DoNotAppear()
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(new(), time, Answers.Hang);
        var failing = wire.FailAsync(TestCall.Of(request => request with { Prompt = Prompt }));
        await wire.Provider.ArrivalsAsync();
        await time.PassAsync(TimeSpan.FromSeconds(30));

        AssertNothingShows(wire, await failing);
    }

    [Test]
    public async Task Rejection_WhenItQuotesThePrompt_IsNotLogged()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json($$$"""{"error":{"message":"Bad: {{{Prompt}}}"}}""", 400));

        var failure = await wire.FailAsync(TestCall.Of(request => request with { Prompt = Prompt }));

        Assert.That(failure.Message, Is.EqualTo($"Bad: {Prompt}"), "the caller may see the text of its own request");
        Assert.That(wire.Log.Lines.Single(), Does.Not.Contain("CANARY"));
    }

    private static void AssertNothingShows(OpenAiWire wire, ProviderException failure)
    {
        var all = string.Join(
            '\n',
            wire.Log.Lines.Append(failure.ToString()).Append($"{failure.ProviderErrorType} {failure.ProviderErrorCode} {failure.ProviderErrorParam}"));
        Assert.That(all, Does.Not.Contain("CANARY"));
        Assert.That(wire.Log.Lines, Has.Count.EqualTo(1));
    }
}
