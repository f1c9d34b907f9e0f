using System.Text.Json;
using AiGateway.Conformance.Tests.Hosting;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace AiGateway.Conformance.Tests.Messages;

/// <summary>Anthropic's official package for .NET.</summary>
internal sealed class AnthropicDotNetTests
{
    private static readonly MessageCreateParams Hello =
        new() { Model = TestPrices.Claude, MaxTokens = 100, Messages = [new UserMessageParam("Gr\u00fc\u00dfe")] };

    private MessagesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Message_Plain_IsTheDirectCalls()
    {
        async Task<string> AskAsync(ApiTarget target) => ToComparable(await ClientOf(target).Messages.Create(Hello));

        Assert.That(await AskAsync(_stage.Gateway), Is.EqualTo(await AskAsync(_stage.Direct)));
    }

    [Test]
    public async Task Message_Streamed_IsTheDirectCalls()
    {
        async Task<List<string>> AskAsync(ApiTarget target)
        {
            var events = new List<string>();
            await foreach (var each in ClientOf(target).Messages.CreateStreaming(Hello)) events.Add(ToComparable(each));
            return events;
        }

        Assert.That(await AskAsync(_stage.Gateway), Is.EqualTo(await AskAsync(_stage.Direct)).And.Not.Empty);
    }

    [Test]
    public async Task Count_IsTheDirectCalls()
    {
        async Task<string> AskAsync(ApiTarget target) => ToComparable(await ClientOf(target).Messages.CountTokens(
            new MessageCountTokensParams { Model = TestPrices.Claude, Messages = [new UserMessageParam("Hello")] }));

        Assert.That(await AskAsync(_stage.Gateway), Is.EqualTo(await AskAsync(_stage.Direct)));
    }

    [Test]
    public async Task Models_AreTheGatewaysOwn()
    {
        var models = await ClientOf(_stage.Gateway).Models.List();

        Assert.That(models.Items.Select(model => model.ID), Has.Member(TestPrices.Claude));
    }

    [Test]
    public void Message_ThatTheGatewayRefuses_Raises() => Assert.That(
        async () => await ClientOf(_stage.Gateway).Messages.Create(Hello with { MaxTokens = -1 }),
        Throws.InstanceOf<AnthropicException>().With.Message.Contains("max_tokens"));

    private static AnthropicClient ClientOf(ApiTarget target) => new() { BaseUrl = target.BaseUrl.AbsoluteUri, ApiKey = target.Key };

    private static string ToComparable(object reply) => Comparable.Of(JsonElement.Parse(JsonSerializer.Serialize(reply)));
}
