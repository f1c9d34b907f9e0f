using AiGateway.Application.Tests.Translation.Samples;
using AiGateway.Domain;

namespace AiGateway.Application.Tests.Translation;

/// <summary>What Anthropic's wire or a model cannot do is refused, and the fault names the member.</summary>
public sealed class ChatRefusalTests
{
    [TestCase(""" "n":2 """, "n")]
    [TestCase(""" "logprobs":true """, "logprobs")]
    [TestCase(""" "top_logprobs":3 """, "top_logprobs")]
    [TestCase(""" "logit_bias":{"1":2} """, "logit_bias")]
    [TestCase(""" "frequency_penalty":0.5 """, "frequency_penalty")]
    [TestCase(""" "presence_penalty":-1 """, "presence_penalty")]
    [TestCase(""" "verbosity":"low" """, "verbosity")]
    [TestCase(""" "modalities":["text","audio"] """, "modalities")]
    [TestCase(""" "audio":{"voice":"x"} """, "audio")]
    [TestCase(""" "web_search_options":{} """, "web_search_options")]
    [TestCase(""" "functions":[{"name":"f"}] """, "functions")]
    [TestCase(""" "temperature":1.5 """, "temperature")]
    [TestCase(""" "temperature":"hot" """, "temperature")]
    [TestCase(""" "stop":["\n"] """, "stop")]
    [TestCase(""" "stop":[1] """, "stop")]
    [TestCase(""" "response_format":{"type":"json_object"} """, "response_format.type")]
    [TestCase(""" "response_format":{"type":"json_schema"} """, "response_format.json_schema.schema")]
    [TestCase(""" "service_tier":"flex" """, "service_tier")]
    [TestCase(""" "reasoning_effort":"huge" """, "reasoning_effort")]
    [TestCase(""" "tool_choice":"required" """, "tool_choice")]
    [TestCase(""" "tools":[{"type":"custom","custom":{"name":"f"}}] """, "tools[0].type")]
    [TestCase(""" "tools":[{"type":"function","function":{"name":"f","parameters":[]}}] """, "tools[0].function.parameters")]
    public void Member_WithoutAnEquivalent(string member, string field) => Assert.That(
        FieldOf($$"""{"messages":[{"role":"user","content":"Hi"}],{{member}}}"""), Is.EqualTo(field));

    [TestCase(""" {"role":"user","content":[{"type":"input_audio","input_audio":{"data":"A","format":"wav"}}]} """, "messages[0].content[0].type")]
    [TestCase(""" {"role":"user","content":[{"type":"file","file":{"file_id":"file_1"}}]} """, "messages[0].content[0].file.file_id")]
    [TestCase(""" {"role":"user","content":[{"type":"file","file":{"file_data":"data:application/zip;base64,A"}}]} """, "messages[0].content[0].file.file_data")]
    [TestCase(""" {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/tiff;base64,A"}}]} """, "messages[0].content[0].image_url")]
    [TestCase(""" {"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://a"}}]} """, "messages[0].content[0].image_url")]
    [TestCase(""" {"role":"user","content":7} """, "messages[0].content")]
    [TestCase(""" {"role":"user","content":[{"type":"text","text":7}]} """, "messages[0].content[0].text")]
    [TestCase(""" {"role":"user","content":["x"]} """, "messages[0].content[0]")]
    [TestCase(""" {"role":"function","name":"f","content":"x"} """, "messages[0].role")]
    [TestCase(""" {"role":"user","content":""} """, "messages")]
    [TestCase(""" {"role":"assistant","audio":{"id":"a"}} """, "messages[0].audio")]
    [TestCase(""" {"role":"assistant","function_call":{"name":"f","arguments":"{}"}} """, "messages[0].function_call")]
    [TestCase(""" {"role":"tool","tool_call_id":"x","content":"x"} """, "messages[0].tool_call_id")]
    [TestCase(""" {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]} """, "messages[0].tool_calls")]
    [TestCase(""" {"role":"assistant","tool_calls":[{"type":"function","function":{"name":"f","arguments":"{}"}}]} """, "messages[0].tool_calls[0].id")]
    [TestCase(""" {"role":"assistant","tool_calls":[{"id":"a","type":"custom","custom":{"name":"f"}}]} """, "messages[0].tool_calls[0].type")]
    [TestCase(""" {"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"a\":"}}]},{"role":"tool","tool_call_id":"a","content":"x"} """, "messages[0].tool_calls[0].function.arguments")]
    [TestCase(""" {"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"[1]"}}]},{"role":"tool","tool_call_id":"a","content":"x"} """, "messages[0].tool_calls[0].function.arguments")]
    [TestCase(""" {"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"x"},{"role":"tool","tool_call_id":"a","content":"y"} """, "messages[2].tool_call_id")]
    public void Message_WithoutAnEquivalent(string messages, string field) => Assert.That(FieldOf($$"""{"messages":[{{messages}}]}"""), Is.EqualTo(field));

    [TestCase(""" "temperature":0.2 """, "temperature")]
    [TestCase(""" "top_p":0.5 """, "top_p")]
    [TestCase(""" "top_k":1 """, "top_k")]
    [TestCase(""" "tool_choice":"required","tools":[{"function":{"name":"f"}}] """, "tool_choice")]
    [TestCase(""" "tool_choice":{"type":"function","function":{"name":"f"}},"tools":[{"function":{"name":"f"}}] """, "tool_choice")]
    public void Member_ThatTheModelDoesNotAccept(string member, string field)
    {
        var refusal = Refusal($$"""{"messages":[{"role":"user","content":"Hi"}],{{member}}}""", Wires.Strict);

        Assert.That(refusal.Faults.Single().Field, Is.EqualTo(field));
        Assert.That(refusal.Message, Does.Contain("the model m does not accept"));
    }

    [Test]
    public void LastMessageOfTheAssistant_ForAModelWithoutPrefill() => Assert.That(
        Refusal("""{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"I"}]}""", Wires.Strict).Faults.Single().Field, Is.EqualTo("messages[1]"));

    [TestCase(""" "temperature":0.2 """, "temperature")]
    [TestCase(""" "top_k":2 """, "top_k")]
    [TestCase(""" "tool_choice":"required","tools":[{"function":{"name":"f"}}] """, "tool_choice")]
    public void Member_BesideABudgetOfThinking(string member, string field) => Assert.That(
        Refusal($$"""{"messages":[{"role":"user","content":"Hi"}],"reasoning_effort":"high",{{member}}}""", Wires.Budget, 50_000).Faults.Single().Field, Is.EqualTo(field));

    [TestCase(""" "reasoning_effort":"high" """, "reasoning_effort")]
    [TestCase(""" "response_format":{"type":"json_schema","json_schema":{"schema":{}}} """, "response_format")]
    public void Member_ThatNeedsACapability(string member, string field) => Assert.That(
        Refusal($$"""{"messages":[{"role":"user","content":"Hi"}],{{member}}}""", Wires.Simple).Faults.Single().Field, Is.EqualTo(field));

    private static string FieldOf(string chat) => Refusal(chat).Faults.Single().Field;

    private static InvalidRequestException Refusal(string chat, PricedModel? model = null, long limit = 1000) =>
        Assert.Throws<InvalidRequestException>(() => Wires.ToMessages(chat, model, limit))!;
}
