using AiGateway.Application.Providers;
using AiGateway.Application.Routing;
using AiGateway.Application.Switches;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Generation;

/// <summary>Which target of a group a conversation is sent to.</summary>
public sealed class TargetOrderTests
{
    private const int Conversations = 1_000;
    private static readonly GatewayDefaults Defaults = new() { Model = "fast", MaxTokens = 100, Limits = QuotaLimits.Unlimited };

    private static readonly SwitchBoard AllOn = new(Substitute.For<ISwitchStore>());

    private readonly IModelAdapter[] _adapters = [.. new[] { "alpha", "beta", "gamma" }.Select(name => Sample.Adapter(name, Sample.Model("m")))];

    [Test]
    public void Conversation_InEveryTurn_StaysAtItsTarget()
    {
        var router = Router(1, 1, 1);

        var moved = Enumerable.Range(0, Conversations).Count(i => FirstOf(router, i, turns: 1) != FirstOf(router, i, turns: 5));

        Assert.That(moved, Is.Zero);
    }

    [Test]
    public void Conversations_WhenATargetCools_MoveOnlyAwayFromIt()
    {
        var router = Router(1, 1, 1);
        var before = Firsts(router);
        Cool("beta", Sample.Noon.AddSeconds(5));

        var during = Firsts(router);
        Cool("beta", null);

        Assert.That(before.Zip(during).Where(pair => pair.First != "beta").Count(pair => pair.First != pair.Second), Is.Zero);
        Assert.That(before.Zip(during).Count(pair => pair.First != pair.Second), Is.LessThanOrEqualTo((Conversations / 3) + (Conversations / 50)));
        Assert.That(during, Has.None.EqualTo("beta"));
        Assert.That(Firsts(router), Is.EqualTo(before), "its conversations return when the cooldown ends");
    }

    [Test]
    public void Conversations_AreSharedByWeight()
    {
        var firsts = Firsts(Router(2, 1, 1));

        Assert.That(firsts.Count(name => name == "alpha"), Is.EqualTo(Conversations / 2).Within(Conversations / 20));
        Assert.That(firsts.Count(name => name == "gamma"), Is.EqualTo(Conversations / 4).Within(Conversations / 20));
    }

    [Test]
    public void Conversation_ThatTheClientNames_StaysAtItsTargetWhateverItsMessages()
    {
        var router = Router(1, 1, 1);

        var reached = Enumerable.Range(0, 50).Select(i => NameOf(router.Plan(Sample.Request("fast") with { ConversationKey = "session-1", Prompt = $"{i}" }))).Distinct();

        Assert.That(reached.Count(), Is.EqualTo(1));
    }

    [Test]
    public void Conversations_OfTwoUsersWithTheSameText_AreDistinct()
    {
        var router = Router(1, 1, 1);

        var reached = Enumerable.Range(0, 50)
            .Select(_ => NameOf(router.Plan(Sample.Request("fast") with { Caller = Sample.Caller with { UserId = Guid.CreateVersion7(Sample.Noon) } }))).Distinct();

        Assert.That(reached.Count(), Is.EqualTo(3));
    }

    [Test]
    public void Group_IsUsedOnlyAfterTheOneBeforeIt()
    {
        var route = new ModelRoute("fast", [new([new("beta", "m")]), new([new("alpha", "m"), new("gamma", "m")])]);

        var plan = Router(route).Plan(Sample.Request("fast"));

        Assert.That(NameOf(plan), Is.EqualTo("beta"));
        Assert.That(plan.Targets.Skip(1).Select(target => target.Adapter.Name), Is.EquivalentTo(["alpha", "gamma"]));
    }

    [Test]
    public void Targets_WhenAllCoolDown_AreTriedInTheOrderInWhichTheirCooldownsEnd()
    {
        var router = Router(1, 1, 1);
        Cool("alpha", Sample.Noon.AddSeconds(9));
        Cool("beta", Sample.Noon.AddSeconds(3));
        Cool("gamma", Sample.Noon.AddSeconds(6));

        Assert.That(router.Plan(Sample.Request("fast")).Targets.Select(target => target.Adapter.Name), Is.EqualTo(["beta", "gamma", "alpha"]));
    }

    [Test]
    public void Route_WhenTheCallerNamesAProvider_UsesItAlone() =>
        Assert.That(Router(1, 1, 1).Plan(Sample.Request("fast") with { Provider = "gamma" }).Targets.Select(target => target.Adapter.Name), Is.EqualTo(["gamma"]));

    private static string[] Firsts(ModelRouter router) => [.. Enumerable.Range(0, Conversations).Select(i => FirstOf(router, i, turns: 1))];

    private static string FirstOf(ModelRouter router, int conversation, int turns) => NameOf(router.Plan(Sample.Request("fast") with
    {
        Prompt = null,
        Messages =
        [
            new("system", "Be brief."),
            new("user", $"Conversation {conversation}"),
            .. Enumerable.Range(1, turns).Select(turn => new Requests.ChatMessage(turn % 2 == 0 ? "user" : "assistant", $"turn {turn}")),
        ],
    }));

    private static string NameOf(RoutePlan plan) => plan.First.Adapter.Name;

    private void Cool(string name, DateTimeOffset? until) =>
        Array.Find(_adapters, adapter => adapter.Name == name)!.CoolsUntil("m", Sample.UserId).Returns(until);

    private ModelRouter Router(params int[] weights) =>
        Router(new ModelRoute("fast", [new([.. _adapters.Select((adapter, i) => new RouteTarget(adapter.Name, "m", weights[i]))])]));

    private ModelRouter Router(ModelRoute route) => new(
        new FixedProviders(ProviderSet.Create(_adapters, new Dictionary<string, ModelRoute> { ["fast"] = route }, [])), new RoutingPolicy([]), Defaults, AllOn, Sample.Unchecked, Sample.LongCounts, TimeProvider.System);
}
