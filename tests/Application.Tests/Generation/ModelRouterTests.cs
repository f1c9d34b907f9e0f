using AiGateway.Application.Generation;
using AiGateway.Application.Health;
using AiGateway.Application.Providers;
using AiGateway.Application.Routing;
using AiGateway.Application.Switches;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Generation;

/// <summary>Which model and which providers a request is planned for.</summary>
public sealed class ModelRouterTests
{
    private static readonly GatewayDefaults Defaults = new() { Model = "m-default", MaxTokens = 100, Limits = QuotaLimits.Unlimited };

    private static readonly SwitchBoard AllOn = new(Substitute.For<ISwitchStore>());

    private readonly IModelAdapter _alpha = Sample.Adapter("alpha", Sample.Model("m-default"), Sample.Model("m-both"), Sample.Model("m-alpha"));
    private readonly IModelAdapter _beta = Sample.Adapter("beta", Sample.Model("m-default"), Sample.Model("m-both"), Sample.Model("m-beta"));

    private static Caller Preferring(string? model, string? provider) =>
        Sample.Caller with { PreferredModel = model, PreferredProvider = provider };

    [Test]
    public void Plan_WhenTheRequestNamesAModel_UsesItBeforePreferenceAndDefault()
    {
        var plan = Router().Plan(Sample.Request("m-alpha") with { Caller = Preferring("m-both", null) });

        Assert.That(plan.RequestedModel, Is.EqualTo("m-alpha"));
        Assert.That(plan.First.Call.Model.Model, Is.EqualTo("m-alpha"));
    }

    [Test]
    public void Plan_WhenTheRequestNamesNoModel_UsesThePreferredModelBeforeTheDefault()
    {
        var plan = Router().Plan(Sample.Request() with { Caller = Preferring("m-both", null) });

        Assert.That(plan.RequestedModel, Is.EqualTo("m-both"));
    }

    [TestCase("m-alpha", "m-alpha")]
    [TestCase("m-a*", "m-alpha")]
    [TestCase("m-alpha m-beta", "m-alpha m-beta")]
    public void Plan_OfARouteWithModelsThatTheCallerMayNotUse_HasTheOtherTargets(string patterns, string expected)
    {
        var plan = Routed().Plan(Sample.Request("fast") with { Caller = Allowed(patterns) });

        Assert.That(string.Join(' ', plan.Targets.Select(target => target.Call.Model.Model)), Is.EqualTo(expected));
    }

    [TestCase("fast")]
    [TestCase("m-alpha")]
    public void Plan_WhenNoTargetIsAllowed_NamesModelAndList(string asked)
    {
        var failure = Assert.Throws<AiGatewayException>(() => Routed().Plan(Sample.Request(asked) with { Caller = Allowed("fast m-other") }))!;

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ModelNotAllowed));
        Assert.That(failure.Message, Does.StartWith($"The team Search does not allow the model {asked}."));
    }

    [TestCase(Surcharges.Fast, "speed")]
    [TestCase(Surcharges.UsGeography, "inference_geo")]
    [TestCase(Surcharges.Fast | Surcharges.UsGeography, "speed")]
    public void Plan_WhenASurchargeHasNoPrice_LeavesTheTargetOutAndRefusesByNameWhenNoneIsLeft(Surcharges asked, string field)
    {
        var price = Sample.Price(1, 2, new(2026, 1, 1)) with { FastPercent = 200, UsGeographyPercent = 110 };
        var priced = Sample.Adapter("gamma", Sample.Model("m-both") with { Prices = [price] });
        var router = new ModelRouter(new FixedProviders(_alpha, priced), new RoutingPolicy([]), Defaults, AllOn, Sample.Unchecked, Sample.LongCounts, TimeProvider.System);

        var plan = router.Plan(Sample.Request("m-both") with { Surcharges = asked });
        var refusal = Assert.Throws<InvalidRequestException>(() => router.Plan(Sample.Request("m-alpha") with { Surcharges = asked }));

        Assert.That(Names(plan), Is.EqualTo(["gamma"]));
        Assert.That(refusal!.Faults[0].Field, Is.EqualTo(field));
    }

    [Test]
    public void Plan_WhenNothingIsNamedOrPreferred_UsesTheDefault()
    {
        Assert.That(Router().Plan(Sample.Request()).RequestedModel, Is.EqualTo("m-default"));
    }

    [Test]
    public void Plan_WhenTheRequestNamesAProvider_HasThatProviderAlone()
    {
        var plan = Router().Plan(Sample.Request("m-both") with { Provider = "beta" });

        Assert.That(Names(plan), Is.EqualTo(["beta"]));
    }

    [Test]
    public void Plan_WhenNothingIsNamed_HasThePreferredProviderAlone()
    {
        var plan = Router().Plan(Sample.Request() with { Caller = Preferring(null, "beta") });

        Assert.That(Names(plan), Is.EqualTo(["beta"]));
    }

    [Test]
    public void Plan_WhenTheRequestNamesAModel_IgnoresThePreferredProvider()
    {
        var plan = Router().Plan(Sample.Request("m-alpha") with { Caller = Preferring(null, "beta") });

        Assert.That(Names(plan), Is.EqualTo(["alpha"]));
    }

    [TestCase("", "alpha,beta")]
    [TestCase("beta,alpha", "beta,alpha")]
    [TestCase("beta", "beta,alpha")]
    [TestCase("unknown,beta", "beta,alpha")]
    public void Plan_WhenTheOperatorGaveAnOrder_TriesTheListedProvidersFirst(string order, string expected)
    {
        var plan = Router(new RoutingPolicy(order.Split(','))).Plan(Sample.Request("m-both"));

        Assert.That(string.Join(',', Names(plan)), Is.EqualTo(expected));
    }

    [Test]
    public void Plan_WhenFallbackIsOff_HasTheFirstProviderAlone()
    {
        var plan = Router(new RoutingPolicy(["beta"], FallBack: false)).Plan(Sample.Request("m-both"));

        Assert.That(Names(plan), Is.EqualTo(["beta"]));
    }

    [Test]
    public void Plan_WhenAProviderIsExhausted_TriesItLast()
    {
        _alpha.CheckQuota().Returns(new ProviderQuotaStatus(false, Sample.Noon.AddMinutes(1)));

        Assert.That(Names(Router().Plan(Sample.Request("m-both"))), Is.EqualTo(["beta", "alpha"]));
    }

    [Test]
    public void Plan_WhenTheOnlyProviderIsExhausted_StillHasIt()
    {
        _alpha.CheckQuota().Returns(new ProviderQuotaStatus(false, null));

        Assert.That(Names(Router().Plan(Sample.Request("m-alpha"))), Is.EqualTo(["alpha"]));
    }

    [Test]
    public void Plan_WhenNoProviderHasTheModel_SaysThatItHasNoPrice()
    {
        var failure = Refusal(Sample.Request("m-unheard"));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ModelNotPriced));
        Assert.That(failure.Message, Does.Contain("m-unheard"));
    }

    [Test]
    public void Plan_WhenAProviderIsNamedAndNoneHasTheModel_SaysThatItHasNoPrice()
    {
        Assert.That(Refusal(Sample.Request("m-unheard") with { Provider = "beta" }).Code, Is.EqualTo(ErrorCode.ModelNotPriced));
    }

    [Test]
    public void Plan_WhenTheProviderIsNotConfigured_NamesTheProvider()
    {
        var failure = Refusal(Sample.Request("m-both") with { Provider = "gamma" });

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ModelNotFound));
        Assert.That(failure.Message, Does.Contain("gamma"));
    }

    [Test]
    public void Plan_WhenTheNamedProviderDoesNotServeTheModel_NamesBoth()
    {
        var failure = Refusal(Sample.Request("m-alpha") with { Provider = "beta" });

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ModelNotFound));
        Assert.That(failure.Message, Does.Contain("beta").And.Contain("m-alpha"));
    }

    [TestCase(ModelOperation.Chat, true, false)]
    [TestCase(ModelOperation.Embeddings, false, true)]
    [TestCase(ModelOperation.Responses, true, false)]
    public void Plan_ForAnOperationThatTheModelSupports_UsesTheModel(ModelOperation operation, bool chats, bool embeds)
    {
        var plan = RouterOf(chats, embeds).Plan(Sample.Request() with { Operation = operation });

        Assert.That(plan.First.Call.Model.Model, Is.EqualTo("m-default"));
    }

    [TestCase(ModelOperation.Chat, false, true)]
    [TestCase(ModelOperation.Embeddings, true, false)]
    [TestCase(ModelOperation.Responses, false, true)]
    public void Plan_ForAnOperationThatTheModelDoesNotSupport_NamesTheModelAsFaulty(ModelOperation operation, bool chats, bool embeds)
    {
        var router = RouterOf(chats, embeds);

        var refusal = Assert.Throws<InvalidRequestException>(() => router.Plan(Sample.Request() with { Operation = operation }));

        Assert.That(refusal.Faults.Single().Field, Is.EqualTo("model"));
    }

    [Test]
    public void Plan_ForAnOperationThatAProviderDoesNotSupport_HasTheOtherProvider()
    {
        _alpha.Supports(ModelOperation.Responses).Returns(false);

        Assert.That(Names(Router().Plan(Sample.Request("m-both") with { Operation = ModelOperation.Responses })), Is.EqualTo(["beta"]));
    }

    [Test]
    public async Task Plan_AfterACheckFoundAProviderDown_TriesTheOthersFirst()
    {
        var health = Sample.Board(_alpha, _beta);
        _alpha.CheckHealthAsync(Arg.Any<CancellationToken>()).Returns(Sample.Health("alpha", HealthState.Unhealthy) with { CheckedAt = TimeProvider.System.GetUtcNow() });
        Assert.That(Names(Router(health: health).Plan(Sample.Request("m-both"))), Is.EqualTo(["alpha", "beta"]), "nothing is known yet");

        await health.ReadAsync(CancellationToken.None);

        Assert.That(Names(Router(health: health).Plan(Sample.Request("m-both"))), Is.EqualTo(["beta", "alpha"]));
    }

    [Test]
    public async Task Plan_LongAfterACheckFoundAProviderDown_ForgetsIt()
    {
        var health = Sample.Board(_alpha, _beta);
        _alpha.CheckHealthAsync(Arg.Any<CancellationToken>())
            .Returns(Sample.Health("alpha", HealthState.Unhealthy) with { CheckedAt = TimeProvider.System.GetUtcNow() - ProviderHealthBoard.DownTime });

        await health.ReadAsync(CancellationToken.None);

        Assert.That(Names(Router(health: health).Plan(Sample.Request("m-both"))), Is.EqualTo(["alpha", "beta"]));
    }

    [TestCase(null, 4096, 100)]
    [TestCase(50L, 4096, 50)]
    [TestCase(5000L, 4096, 4096)]
    [TestCase(4096L, 4096, 4096)]
    [TestCase(null, 64, 64)]
    public void Plan_OutputLimit_IsTheRequestedOrConfiguredOneUpToTheModelsLimit(long? asked, long model, long expected)
    {
        var adapter = Sample.Adapter("alpha", Sample.Model("m-default", maxOutputTokens: model));
        var router = new ModelRouter(new FixedProviders(adapter), new RoutingPolicy([]), Defaults, AllOn, Sample.Unchecked, Sample.LongCounts, TimeProvider.System);

        var plan = router.Plan(Sample.Request() with { Options = new() { MaxTokens = asked } });

        Assert.That(plan.First.Call.MaxCompletionTokens, Is.EqualTo(expected));
    }

    [TestCase("2026-11-30T23:59:59.9999999Z", 1)]
    [TestCase("2026-12-01T00:00:00Z", 3)]
    [TestCase("2026-12-01T00:30:00+01:00", 1)]
    [TestCase("2026-11-30T23:30:00-01:00", 3)]
    public void Plan_Price_IsThePriceOfTheRequestsUtcDay(string receivedAt, long inputUsd)
    {
        var model = Sample.Model("m-default") with
        {
            Prices = [Sample.Price(1, 2, new(2026, 1, 1)), Sample.Price(3, 4, new(2026, 12, 1))],
        };
        var router = new ModelRouter(new FixedProviders(Sample.Adapter("alpha", model)), new RoutingPolicy([]), Defaults, AllOn, Sample.Unchecked, Sample.LongCounts, TimeProvider.System);

        var at = DateTimeOffset.Parse(receivedAt, System.Globalization.CultureInfo.InvariantCulture);
        var plan = router.Plan(Sample.Request() with { ReceivedAt = at });

        Assert.That(plan.First.Call.Price.InputNanoUsdPerMillion, Is.EqualTo(inputUsd * Money.NanoUsdPerUsd));
    }

    private ModelRouter Router(RoutingPolicy? policy = null, ProviderHealthBoard? health = null) => new(
        new FixedProviders(ProviderSet.Create([_alpha, _beta], new Dictionary<string, ModelRoute>(), policy?.Order ?? [])),
        policy ?? new RoutingPolicy([]),
        Defaults,
        AllOn,
        health ?? Sample.Unchecked,
        Sample.LongCounts,
        TimeProvider.System);

    /// <summary>A router with the route <c>fast</c> over a model of each provider.</summary>
    private ModelRouter Routed() => new(
        new FixedProviders(ProviderSet.Create(
            [_alpha, _beta],
            new Dictionary<string, ModelRoute> { ["fast"] = new("fast", [new([new("alpha", "m-alpha")]), new([new("beta", "m-beta")])]) },
            [])),
        new RoutingPolicy([]),
        Defaults,
        AllOn,
        Sample.Unchecked,
        Sample.LongCounts,
        TimeProvider.System);

    private static Caller Allowed(string patterns) =>
        Sample.Caller with { AllowedModels = new ModelAccess([new ModelList(ScopeKind.Team, "Search", patterns.Split(' '))]) };

    private static ModelRouter RouterOf(bool chats, bool embeds)
    {
        var model = Sample.Model("m-default");
        model = model with { Capabilities = model.Capabilities with { Chat = chats, Embeddings = embeds } };
        return new ModelRouter(new FixedProviders(Sample.Adapter("alpha", model)), new RoutingPolicy([]), Defaults, AllOn, Sample.Unchecked, Sample.LongCounts, TimeProvider.System);
    }

    private AiGatewayException Refusal(Generate request) => Assert.Throws<AiGatewayException>(() => Router().Plan(request))!;

    private static IEnumerable<string> Names(RoutePlan plan) => plan.Targets.Select(target => target.Adapter.Name);
}
