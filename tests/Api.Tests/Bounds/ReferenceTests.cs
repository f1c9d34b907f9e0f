using System.Text;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>Only the user who made stored content may name it. It is held each time that the model reads it.</summary>
internal sealed class ReferenceTests
{
    private const string Responses = "/v1/responses";
    private const long Tokens = 7_000;
    private BoundGateway _stage = null!;
    private TestUser _other = null!;
    private string _reply = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _stage = await BoundGateway.StartAsync();
        _other = await _stage.Gateway.CreateUserAsync();
        _reply = await MakeAsync(_stage.Caller, "own");
        await MakeAsync(_other.Caller, "foreign");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("""{"type":"item_reference","id":"rs_{OWNER}"}""")]
    [TestCase("""{"id":"rs_{OWNER}"}""")]
    [TestCase("""{"type":null,"id":"rs_{OWNER}"}""")]
    [TestCase("""{"type":"reasoning","id":"rs_{OWNER}","summary":[]}""")]
    [TestCase("""{"type":"reasoning","id":"rs_{OWNER}","summary":[],"encrypted_content":null}""")]
    [TestCase("""{"type":"reasoning","id":"rs_{OWNER}","summary":[],"encrypted_content":""}""")]
    [TestCase("""{"type":"compaction","id":"rs_{OWNER}"}""")]
    [TestCase("""{"type":"image_generation_call","id":"rs_{OWNER}"}""")]
    [TestCase("""{"type":"never_heard_of","id":"rs_{OWNER}","status":"completed"}""")]
    public async Task Item_ThatNamesStoredContent_MustBeTheCallersOwn(string item)
    {
        Assert.That(await _stage.HeldForAsync(Responses, Input(Of("own", item))), Is.AtLeast(Tokens));
        var foreign = await _stage.RefusedAsync(Responses, Input(Of("foreign", item)), 404);
        var unknown = await _stage.RefusedAsync(Responses, Input(Of("unknown", item)), 404);

        Assert.That(foreign.GetProperty("code").GetString(), Is.EqualTo("not_found"));
        Assert.That(foreign.GetRawText().Replace("foreign", "unknown", StringComparison.Ordinal), Is.EqualTo(unknown.GetRawText()), "the error of a foreign object equals that of an unknown one");
    }

    [TestCase("""{"type":"reasoning","id":"rs_{OWNER}","summary":[],"encrypted_content":"AAAA"}""")]
    [TestCase("""{"type":"message","id":"msg_{OWNER}","role":"assistant","content":[{"type":"output_text","text":"a"}]}""")]
    [TestCase("""{"id":"msg_{OWNER}","role":"assistant","content":"a"}""")]
    [TestCase("""{"type":"function_call","id":"fc_{OWNER}","call_id":"c","name":"f","arguments":"{}"}""")]
    [TestCase("""{"type":"function_call_output","id":"fc_{OWNER}","call_id":"c","output":"x"}""")]
    public async Task Item_ThatCarriesItsContent_PassesUnlessItsIdIsAnotherUsers(string item)
    {
        Assert.That(await _stage.HeldForAsync(Responses, Input(Of("own", item))), Is.LessThan(500));
        Assert.That(await _stage.HeldForAsync(Responses, Input(Of("unknown", item))), Is.LessThan(500));

        var error = await _stage.RefusedAsync(Responses, Input(Of("foreign", item)), 404);

        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("not_found"));
    }

    [Test]
    public async Task PreviousResponse_ThatIsForeignOrUnknown_IsRefusedAsOpenAiDoes()
    {
        foreach (var id in (string[])["resp_foreign", "resp_unknown", new string('r', 100_000)])
        {
            var error = await _stage.RefusedAsync(Responses, $$"""{"model":"gpt-5-round","input":"q","previous_response_id":"{{id}}"}""");

            Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("previous_response_not_found"));
            Assert.That(error.GetProperty("param").GetString(), Is.EqualTo("previous_response_id"));
            Assert.That(error.GetRawText(), Has.Length.LessThan(1_000));
        }
    }

    [Test]
    public async Task PreviousResponse_OfTheCaller_IsHeldForWhatItsRequestUsed()
    {
        var held = await _stage.HeldForAsync(Responses, Previous("gpt-5-round"));

        Assert.That(held, Is.InRange(Tokens, Tokens + 500));
    }

    [Test]
    public async Task PreviousResponse_OfAnotherModel_HoldsTheContextWindow() =>
        Assert.That(await _stage.HeldForAsync(Responses, Previous("gpt-5-other")), Is.AtLeast(BoundGateway.Window));

    [Test]
    public async Task Reference_NamedTwice_IsHeldTwice()
    {
        const string Item = """{"type":"item_reference","id":"rs_own"}""";

        Assert.That(await _stage.HeldForAsync(Responses, Input($"{Item},{Item},{Item}")), Is.InRange(3 * Tokens, (3 * Tokens) + 500));
    }

    [Test]
    public async Task References_WhenMoreThan256AreDistinct_AreRefusedWithOneMessage()
    {
        var body = Input(string.Join(',', Enumerable.Range(0, 120_000).Select(i => $$"""{"type":"item_reference","id":"rs_{{i}}"}""")));

        var error = await _stage.RefusedAsync(Responses, body);

        Assert.That(error.GetProperty("param").GetString(), Is.EqualTo("input"));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain("256").And.Length.LessThan(300));
    }

    [Test]
    public async Task References_WhenFewAreNamedManyTimes_AreHeldEachTime()
    {
        var body = Input(string.Join(',', Enumerable.Repeat("""{"type":"item_reference","id":"rs_own"}""", 1_000)));

        Assert.That(await _stage.HeldForAsync(Responses, body), Is.AtLeast(BoundGateway.Window));
    }

    [TestCase(9_000, 200)]
    [TestCase(40_000, 400)]
    public async Task Ids_OfItemsThatCarryTheirContent_AreLookedUpUpToABound(int count, int status)
    {
        var items = string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"type":"function_call","id":"fc_{{i}}","call_id":"c","name":"f","arguments":""}"""));
        _stage.Gateway.Provider.Reset(Answers.Completion());

        var reply = await _stage.Caller.PostAsync(Responses, Input(items));

        reply.Expect(status);
    }

    [Test]
    public async Task StoredResponse_OfAnotherUser_IsAnsweredLikeAnUnknownOne()
    {
        var foreign = (await _stage.Caller.GetAsync("/v1/responses/resp_foreign")).Expect(404);
        var unknown = (await _stage.Caller.GetAsync("/v1/responses/resp_unknown")).Expect(404);

        Assert.That(foreign.Text.Replace("foreign", "unknown", StringComparison.Ordinal), Is.EqualTo(unknown.Text));
        Assert.That(_reply, Does.Contain("resp_own"));
    }

    private static string Of(string owner, string item) => item.Replace("{OWNER}", owner, StringComparison.Ordinal);

    private static string Previous(string model) =>
        $$"""{"model":"{{model}}","max_output_tokens":16,"input":"q","previous_response_id":"resp_own"}""";

    private static string Input(string items) => new StringBuilder("""{"model":"gpt-5-round","max_output_tokens":16,"input":[""")
        .Append(items).Append(""",{"role":"user","content":"q"}]}""").ToString();

    private async Task<string> MakeAsync(GatewayClient caller, string owner)
    {
        const string Answer = """
            {"id":"resp_{OWNER}","object":"response","status":"completed","model":"gpt-5-round","output":[
              {"id":"rs_{OWNER}","type":"reasoning","summary":[]},{"id":"fc_{OWNER}","type":"function_call","call_id":"c","name":"f","arguments":"{}"},
              {"id":"msg_{OWNER}","type":"message","role":"assistant","content":[{"type":"output_text","text":"a"}]}],
             "usage":{"input_tokens":6000,"output_tokens":1000,"total_tokens":7000}}
            """;
        _stage.Gateway.Provider.Answer = Answers.Raw(Of(owner, Answer));
        return (await caller.PostAsync(Responses, """{"model":"gpt-5-round","input":"q","max_output_tokens":2000}""")).Expect(200).Text;
    }
}
