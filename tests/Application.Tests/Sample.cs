using AiGateway.Application.Administration;
using AiGateway.Application.Generation;
using AiGateway.Application.Health;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Routing;
using AiGateway.Domain;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace AiGateway.Application.Tests;

/// <summary>Sample values for tests to vary.</summary>
internal static class Sample
{
    /// <summary>The tokens that a sample adapter counts in every prompt.</summary>
    public const long PromptTokens = 10;

    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static readonly Guid UserId = Guid.Parse("0193a000-0000-7000-8000-000000000001");

    public static readonly Caller Caller = new(UserId, "Ada", null, [Scopes.Generate]);

    public static readonly Actor Actor = new(UserId, ActorVia.Token, null, Scopes.All, Guid.Parse("0193a000-0000-7000-8000-0000000000fe"));

    /// <summary>A health board on which no provider was checked yet.</summary>
    public static ProviderHealthBoard Unchecked => Board();

    public static LongCounts LongCounts => new(Substitute.For<ITokenCounter>());

    public static ProviderHealthBoard Board(params IModelAdapter[] adapters) =>
        new(new FixedProviders(adapters), Substitute.For<IProviderStore>(), TimeProvider.System, NullLogger<ProviderHealthBoard>.Instance);

    /// <summary>The plan of a request whose count is short. Such a count is not awaited.</summary>
    public static RoutePlan Plan(this ModelRouter router, ModelRequest request)
    {
        var planning = router.PlanAsync(request, CancellationToken.None).AsTask();
        Assert.That(planning.IsCompleted, Is.True, "a short count is not awaited");
        return planning.GetAwaiter().GetResult();
    }

    public static Generate Request(string? model = null) => new()
    {
        RequestId = Guid.Parse("0193a000-0000-7000-8000-0000000000ff"),
        Caller = Caller,
        ReceivedAt = Noon,
        Model = model,
        Prompt = "Hello",
    };

    /// <summary>A model with prices in whole dollars per million tokens. One such dollar is 1,000 nano-dollars a token.</summary>
    public static PricedModel Model(string name, long inputUsd = 1, long outputUsd = 2, long maxOutputTokens = 4096) => new()
    {
        Model = name,
        Provider = "alpha",
        Capabilities = new() { ContextWindow = 8192, MaxOutputTokens = maxOutputTokens },
        Prices = [Price(inputUsd, outputUsd, new DateOnly(2026, 1, 1))],
    };

    public static ModelPrice Price(long inputUsd, long outputUsd, DateOnly from) => new()
    {
        EffectiveFrom = from,
        InputNanoUsdPerMillion = inputUsd * Money.NanoUsdPerUsd,
        OutputNanoUsdPerMillion = outputUsd * Money.NanoUsdPerUsd,
    };

    /// <summary>A provider that has capacity, is healthy, and answers with 10 prompt and 5 completion tokens.</summary>
    public static IModelAdapter Adapter(string name, params PricedModel[] models)
    {
        var adapter = Substitute.For<IModelAdapter>();
        adapter.Name.Returns(name);
        adapter.FindModel(Arg.Any<string>()).Returns(call => Array.Find(models, model => model.Model == call.Arg<string>()));
        adapter.Supports(Arg.Any<ModelOperation>()).Returns(true);
        adapter.WireOf(Arg.Any<ModelOperation>()).Returns(call => OpenAiNames.WireOf(call.Arg<ModelOperation>()));
        adapter.Cooling().Returns([]);
        adapter.Learned().Returns([]);
        adapter.CheckQuota().Returns(new ProviderQuotaStatus(true, null));
        adapter.EstimateCost(Arg.Any<ModelCall>()).Returns(call => WorstCase(call.Arg<ModelCall>()));
        adapter.GenerateAsync(Arg.Any<ModelCall>(), Arg.Any<CancellationToken>()).Returns(call => Reply(call.Arg<ModelCall>().Model.Model));
        adapter.CheckHealthAsync(Arg.Any<CancellationToken>()).Returns(Health(name, HealthState.Healthy));
        return adapter;
    }

    public static ModelReply Reply(string model) =>
        new() { Model = model, Content = "Hi!", FinishReason = "stop", Usage = new TokenUsage(PromptTokens, 5) };

    public static HealthStatus Health(string name, HealthState state) =>
        new(name, state, TimeSpan.FromMilliseconds(7), Noon, state == HealthState.Healthy ? null : "down");

    public static ProviderException Failure(ErrorCode code, string provider = "alpha") => code == ErrorCode.ProviderTimeout
        ? new ProviderTimeoutException(provider, TimeSpan.FromSeconds(30))
        : new ProviderException(code, provider, $"{provider} failed");

    private static CostEstimate WorstCase(ModelCall call)
    {
        var most = call.MaxCompletionTokens * call.Request.Choices;
        return new(PromptTokens, most, call.Price.WorstCaseNanoUsd(PromptTokens, most));
    }
}
