using System.Text.Json.Nodes;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Pricing;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>Whatever a request contains, no provider can bill more than its hold. The comparison is with the provider's own bill.</summary>
internal sealed class CapTests
{
    private const int Requests = 300;
    private const int Few = 50;
    private const int Seed = 20261125;

    [Test]
    public async Task Bill_OfTheMostGenerousProvider_NeverExceedsTheHold()
    {
        await using var stage = await BoundGateway.StartAsync();

        var overruns = await OverrunsAsync(stage, Requests);

        Assert.That(overruns, Is.Empty);
        foreach (var record in await stage.Caller.UsageAsync())
            Assert.That(record.GetProperty("costUsd").GetDecimal(), Is.LessThanOrEqualTo(record.GetProperty("heldUsd").GetDecimal()), record.GetRawText());
        await stage.Gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task Comparison_WhenOneKindOfPartIsHeldTooLow_FindsIt()
    {
        await using var stage = await BoundGateway.StartChangedAsync(services =>
        {
            var real = services.Single(service => service.ServiceType == typeof(ITokenCounter));
            services.Remove(real);
            services.AddSingleton<ITokenCounter>(provider => new CounterBlindToImages((ITokenCounter)(real.ImplementationInstance
                ?? real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!))));
        });

        Assert.That(await OverrunsAsync(stage, Few), Is.Not.Empty);
    }

    // Compares the provider's bill with the hold of the usage record.
    private static async Task<List<string>> OverrunsAsync(BoundGateway stage, int requests)
    {
        await MakeStoredAsync(stage);
        var grammar = new RequestGrammar(new Random(Seed));
        var overruns = new List<string>();
        for (var i = 0; i < requests; i++)
        {
            var (path, body) = grammar.Next();
            var bill = GenerousBill.Of(body);
            stage.Gateway.Provider.Reset(Answers.Completion());
            stage.Gateway.Provider.Answer = BilledAt(bill);
            var reply = (await stage.Caller.PostAsync(path, body.ToJsonString())).Expect(200);
            var held = await stage.HeldForAsync(reply);
            if (held < bill) overruns.Add($"{i}: billed {bill}, held {held}: {Short(body)}");
        }

        return overruns;
    }

    // The stored content that requests name by id. It has 7,000 tokens.
    private static async Task MakeStoredAsync(BoundGateway stage)
    {
        stage.Gateway.Provider.Answer = Answers.Raw("""
            {"id":"resp_own","object":"response","status":"completed","model":"gpt-5-round","output":[{"id":"rs_own","type":"reasoning","summary":[]}],
             "usage":{"input_tokens":6000,"output_tokens":1000,"total_tokens":7000}}
            """);
        (await stage.Caller.PostAsync("/v1/responses", """{"model":"gpt-5-round","input":"q","max_output_tokens":2000}""")).Expect(200);
    }

    private static Answer BilledAt(long tokens) => (request, http) => Answers.Completion(prompt: tokens)(request, http);

    private static string Short(JsonObject body) => body.ToJsonString() is { Length: > 600 } text ? text[..600] : body.ToJsonString();

    private sealed class CounterBlindToImages(ITokenCounter real) : ITokenCounter
    {
        public long CountText(string model, string text) => real.CountText(model, text);

        public bool UsesTokenizer(PricedModel model) => real.UsesTokenizer(model);

        public long CountPrompt(ModelRequest request, PricedModel model) => real.CountPrompt(Blinded(request), model);

        public PromptBound BoundPrompt(ModelRequest request, PricedModel model) => real.BoundPrompt(Blinded(request), model);

        private static ModelRequest Blinded(ModelRequest request) => request with { Extras = request.Extras with { Images = 0 } };
    }
}
