using System.Text;
using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Routing;
using AiGateway.Application.Switches;
using AiGateway.Application.Tests.Translation.Samples;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Translation;

/// <summary>Which targets a request may go to, by their wire and the traits of their model.</summary>
public sealed class EligibilityTests
{
    private const string Hot = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.5}""";
    private const string Forced = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"tools":[{"function":{"name":"f"}}],"tool_choice":"required"}""";
    private const string Prefilled = """{"model":"m","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"I"}]}""";
    private const string Deep = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"reasoning_effort":"max"}""";
    private const string Several = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"n":2}""";
    private const string Plain = """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""";

    [TestCase(Plain, "claude,gpt")]
    [TestCase(Several, "gpt")]
    [TestCase(Hot, "gpt")]
    [TestCase(Forced, "gpt")]
    [TestCase(Prefilled, "gpt")]
    public void Target_ThatCannotBeSentTheRequest_IsLeftOut(string chat, string expected) =>
        Assert.That(Targets(Chat(chat), Claude(Wires.Strict), Gpt(Wires.Open)), Is.EqualTo(expected));

    [Test]
    public void Request_ThatNoTargetCanBeSent_IsRefusedByTheMember()
    {
        var refusal = Assert.Throws<InvalidRequestException>(() => Targets(Chat(Hot), Claude(Wires.Strict)))!;

        Assert.That(refusal.Faults.Single().Field, Is.EqualTo("temperature"));
    }

    // In its own wire the provider decides, unless another target is known to accept the request.
    [TestCase(Hot)]
    [TestCase(Forced)]
    [TestCase(Prefilled)]
    [TestCase(Deep)]
    public void Target_OfTheSameWireThatIsKnownToRefuse_IsLeftOutForAnother(string chat)
    {
        Assert.That(Targets(Chat(chat), Gpt(Wires.Strict)), Is.EqualTo("gpt"));
        Assert.That(Targets(Chat(chat), Gpt(Wires.Strict), Gpt(Wires.Strict, "other")), Is.EqualTo("gpt,other"));
        Assert.That(Targets(Chat(chat), Gpt(Wires.Strict), Gpt(Wires.Open, "other")), Is.EqualTo("other"));
    }

    [TestCase(""" "temperature":0.5 """)]
    [TestCase(""" "top_k":3 """)]
    [TestCase(""" "tool_choice":{"type":"any"},"tools":[{"name":"f"}] """)]
    [TestCase(""" "thinking":{"type":"enabled","budget_tokens":2000} """)]
    [TestCase(""" "output_config":{"effort":"max"} """)]
    public void MessageRequest_ForModelsOfItsOwnWire(string member) => Assert.That(
        Targets(Messages($$"""{"messages":[{"role":"user","content":"Hi"}],{{member}}}"""), Claude(Wires.Strict), Claude(Wires.Open, "other")), Is.EqualTo("other"));

    [Test]
    public void NativeRequest_ForModelsOfOpenAi()
    {
        var request = Sample.Request("m") with { Options = new() { Temperature = 0.5 } };

        Assert.That(Targets(request, Gpt(Wires.Strict), Gpt(Wires.Open, "other")), Is.EqualTo("other"));
    }

    [TestCase("options.temperature", 0.5, null, null)]
    [TestCase("options.topP", null, 0.5, null)]
    [TestCase("options.stop", null, null, "\n")]
    public void NativeRequest_ThatAnthropicsWireCannotExpress_IsRefusedByTheOption(string field, double? temperature, double? topP, string? stop)
    {
        var request = Sample.Request("m") with { Options = new() { Temperature = temperature, TopP = topP, Stop = stop is null ? null : [stop] } };

        Assert.That(Assert.Throws<InvalidRequestException>(() => Targets(request, Claude(Wires.Strict)))!.Faults.Single().Field, Is.EqualTo(field));
    }

    [Test]
    public void Response_ForAModelOfAnthropicsWire_IsRefusedWithTheReason()
    {
        var claude = Claude(Wires.Open);
        claude.Supports(ModelOperation.Responses).Returns(false);

        var refusal = Assert.Throws<InvalidRequestException>(() => Targets(Sample.Request("m") with { Operation = ModelOperation.Responses }, claude))!;

        Assert.That(refusal.Message, Does.Contain("Responses API").And.Contain("POST /v1/chat/completions"));
    }

    [Test]
    public void Calls_HoldTheRequestInTheWireOfTheirTarget()
    {
        var plan = Plan(Chat(Plain), Claude(Wires.Strict), Gpt(Wires.Open));

        Assert.That(plan.Targets.Select(target => target.Call.Wire!.Kind), Is.EqualTo([WireKind.AnthropicMessages, WireKind.OpenAiChat]));
        Assert.That(plan.Targets[1].Call.Wire, Is.SameAs(plan.Targets[1].Call.Request.Wire));
        Assert.That(plan.Targets.Select(target => target.Call.Attempts), Has.All.SameAs(plan.Attempts));
        Assert.That(plan.Targets.Select(target => target.Call.Worst.PromptTokens), Has.All.EqualTo(Sample.PromptTokens));
    }

    private static Generate Chat(string body) => With(WireKind.OpenAiChat, body);

    private static Generate Messages(string body) => With(WireKind.AnthropicMessages, body);

    private static Generate With(WireKind kind, string body) =>
        Sample.Request("m") with { Prompt = null, Wire = new WireRequest(kind, Encoding.UTF8.GetBytes(body), []) };

    private static IModelAdapter Gpt(PricedModel model, string name = "gpt") => Sample.Adapter(name, model);

    private static IModelAdapter Claude(PricedModel model, string name = "claude")
    {
        var adapter = Sample.Adapter(name, model);
        adapter.WireOf(Arg.Any<ModelOperation>()).Returns(WireKind.AnthropicMessages);
        return adapter;
    }

    private static string Targets(Generate request, params IModelAdapter[] adapters) =>
        string.Join(',', Plan(request, adapters).Targets.Select(target => target.Adapter.Name));

    private static RoutePlan Plan(Generate request, params IModelAdapter[] adapters) => new ModelRouter(
        new FixedProviders(adapters),
        new RoutingPolicy([]),
        new() { Model = "m", MaxTokens = 100, Limits = QuotaLimits.Unlimited },
        new SwitchBoard(Substitute.For<ISwitchStore>()),
        Sample.Unchecked,
        Sample.LongCounts,
        TimeProvider.System).Plan(request);
}
