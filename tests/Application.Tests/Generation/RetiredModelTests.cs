using AiGateway.Application.Routing;
using AiGateway.Application.Switches;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Generation;

/// <summary>A retired default or preferred model is replaced by its successor. A retired model that the request names is not.</summary>
public sealed class RetiredModelTests
{
    private static readonly SwitchBoard AllOn = new(Substitute.For<ISwitchStore>());
    private static readonly DateOnly Today = DateOnly.FromDateTime(Sample.Noon.UtcDateTime);

    [Test]
    public void Plan_WhenTheDefaultIsRetired_UsesItsSuccessor()
    {
        var plan = Router("m-old", Retired("m-old", "m-new"), Sample.Model("m-new")).Plan(Sample.Request());

        Assert.That(plan.RequestedModel, Is.EqualTo("m-old"));
        Assert.That(plan.First.Call.Model.Model, Is.EqualTo("m-new"));
    }

    [Test]
    public void Plan_WhenThePreferredModelIsRetired_UsesItsSuccessor()
    {
        var router = Router("m-default", Sample.Model("m-default"), Retired("m-old", "m-new"), Sample.Model("m-new"));

        var plan = router.Plan(Sample.Request() with { Caller = Sample.Caller with { PreferredModel = "m-old" } });

        Assert.That(plan.First.Call.Model.Model, Is.EqualTo("m-new"));
    }

    [Test]
    public void Plan_WhenTheSuccessorIsRetiredToo_FollowsTheChain()
    {
        var plan = Router("m-1", Retired("m-1", "m-2"), Retired("m-2", "m-3"), Sample.Model("m-3")).Plan(Sample.Request());

        Assert.That(plan.First.Call.Model.Model, Is.EqualTo("m-3"));
    }

    [Test]
    public void Plan_WhenSuccessorsGoInACircle_SaysThatTheModelIsRetired()
    {
        var router = Router("m-1", Retired("m-1", "m-2"), Retired("m-2", "m-1"));

        var failure = Assert.Throws<AiGatewayException>(() => router.Plan(Sample.Request()));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ModelNotFound));
    }

    [Test]
    public void Plan_WhenTheRequestNamesARetiredModel_NamesItsSuccessor()
    {
        var router = Router("m-new", Retired("m-old", "m-new"), Sample.Model("m-new"));

        var failure = Assert.Throws<AiGatewayException>(() => router.Plan(Sample.Request("m-old")));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ModelNotFound));
        Assert.That(failure.Message, Does.Contain("m-old").And.Contain("m-new").And.Contain("2026-11-22"));
    }

    [Test]
    public void Plan_WhenTheNamedSuccessorIsRetiredToo_NamesTheActiveSuccessor()
    {
        var router = Router("m-3", Retired("m-1", "m-2"), Retired("m-2", "m-3"), Sample.Model("m-3"));

        var failure = Assert.Throws<AiGatewayException>(() => router.Plan(Sample.Request("m-1")));

        Assert.That(failure.Message, Does.Contain("m-3").And.Not.Contain("m-2"));
    }

    [Test]
    public void Plan_WhenARetiredModelHasNoSuccessor_NamesNone()
    {
        var router = Router("m-new", Retired("m-old", null), Sample.Model("m-new"));

        var failure = Assert.Throws<AiGatewayException>(() => router.Plan(Sample.Request("m-old")));

        Assert.That(failure.Message, Does.Not.Contain("instead"));
    }

    [Test]
    public void Plan_OnTheLastDayOfAModel_StillUsesIt()
    {
        var router = Router("m-old", Sample.Model("m-old") with { RetiredOn = Today.AddDays(1), Successor = "m-new" }, Sample.Model("m-new"));

        Assert.That(router.Plan(Sample.Request("m-old")).First.Call.Model.Model, Is.EqualTo("m-old"));
    }

    [Test]
    public void Plan_WhenOneProviderRetiredTheModel_HasTheOtherProvider()
    {
        var alpha = Sample.Adapter("alpha", Retired("m-old", "m-new"));
        var beta = Sample.Adapter("beta", Sample.Model("m-old"));
        var router = new ModelRouter(new FixedProviders(alpha, beta), new RoutingPolicy([]), Defaults("m-old"), AllOn, Sample.Unchecked, Sample.LongCounts, TimeProvider.System);

        Assert.That(router.Plan(Sample.Request("m-old")).Targets.Select(target => target.Adapter.Name), Is.EqualTo(["beta"]));
    }

    private static PricedModel Retired(string name, string? successor) =>
        Sample.Model(name) with { RetiredOn = Today, Successor = successor };

    private static ModelRouter Router(string @default, params PricedModel[] models) =>
        new(new FixedProviders(Sample.Adapter("alpha", models)), new RoutingPolicy([]), Defaults(@default), AllOn, Sample.Unchecked, Sample.LongCounts, TimeProvider.System);

    private static GatewayDefaults Defaults(string model) => new() { Model = model, MaxTokens = 100, Limits = QuotaLimits.Unlimited };
}
