using AiGateway.Application.Tests.Translation.Samples;
using AiGateway.Domain;

namespace AiGateway.Application.Tests.Translation;

/// <summary>Requests of Anthropic's wire as chat completions, exactly, and what is refused by name.</summary>
public sealed class MessagesToChatTests
{
    [TestCase("", "")]
    [TestCase(""" ,"stream":true """, """ ,"stream":true """)]
    [TestCase(""" ,"stop_sequences":["a","b"] """, """ ,"stop":["a","b"] """)]
    [TestCase(""" ,"stop_sequences":[] """, "")]
    [TestCase(""" ,"temperature":0.3,"top_p":0.8,"top_k":40 """, """ ,"temperature":0.3,"top_p":0.8 """)]
    [TestCase(""" ,"metadata":{"user_id":"u"},"cache_control":{"type":"ephemeral"},"diagnostics":{},"never_heard_of":1 """, "")]
    [TestCase(""" ,"context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]},"speed":"standard","inference_geo":"global","mcp_servers":[] """, "")]
    [TestCase(""" ,"service_tier":"auto" """, """ ,"service_tier":"auto" """)]
    [TestCase(""" ,"service_tier":"standard_only" """, """ ,"service_tier":"default" """)]
    [TestCase(""" ,"output_config":{"effort":"medium"} """, """ ,"reasoning_effort":"medium" """)]
    [TestCase(""" ,"output_config":{"effort":"max"} """, """ ,"reasoning_effort":"xhigh" """)]
    [TestCase(""" ,"thinking":{"type":"adaptive"},"output_config":{"effort":"high"} """, """ ,"reasoning_effort":"high" """)]
    [TestCase(""" ,"thinking":{"type":"adaptive"} """, "")]
    [TestCase(""" ,"thinking":{"type":"enabled","budget_tokens":2048} """, """ ,"reasoning_effort":"low" """)]
    [TestCase(""" ,"thinking":{"type":"enabled","budget_tokens":4096} """, """ ,"reasoning_effort":"medium" """)]
    [TestCase(""" ,"thinking":{"type":"enabled","budget_tokens":31999} """, """ ,"reasoning_effort":"high" """)]
    [TestCase(""" ,"thinking":{"type":"disabled"} """, """ ,"reasoning_effort":"low" """)]
    [TestCase(
        """ ,"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}} """,
        """ ,"response_format":{"type":"json_schema","json_schema":{"name":"response","strict":true,"schema":{"type":"object"}}} """)]
    [TestCase(
        """ ,"tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true,"cache_control":{"type":"ephemeral"}},{"type":"custom","name":"g","input_schema":{}}] """,
        """ ,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}},{"type":"function","function":{"name":"g","parameters":{}}}] """)]
    [TestCase(""" ,"tools":[{"name":"f"}],"tool_choice":{"type":"auto","disable_parallel_tool_use":true} """, """ ,"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"auto","parallel_tool_calls":false """)]
    [TestCase(""" ,"tools":[{"name":"f"}],"tool_choice":{"type":"any"} """, """ ,"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required" """)]
    [TestCase(""" ,"tools":[{"name":"f"}],"tool_choice":{"type":"none"} """, """ ,"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"none" """)]
    [TestCase(""" ,"tools":[{"name":"f"}],"tool_choice":{"type":"tool","name":"f"} """, """ ,"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"f"}} """)]
    public void Members_AreMappedOrIgnored(string members, string expected) => Assert.That(
        Wires.ToChat($$"""{"model":"m","max_tokens":7,"messages":[{"role":"user","content":"Hi"}]{{members}}}"""),
        Is.EqualTo(Wires.Minified($$"""{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":1000{{expected}}}""")));

    [TestCase(""" "system":"Be brief.", """, """[{"role":"user","content":"Hi"}]""", """[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]""")]
    [TestCase(
        """ "system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=2; cch=1"},{"type":"text","text":"A","cache_control":{"type":"ephemeral"}},{"type":"text","text":"B"}], """,
        """[{"role":"user","content":[{"type":"text","text":"Hi"}]}]""",
        """[{"role":"system","content":"A\nB"},{"role":"user","content":"Hi"}]""")]
    [TestCase("", """[{"role":"user","content":"Hi"},{"role":"system","content":"Now"},{"role":"assistant","content":"Yes"}]""", """[{"role":"user","content":"Hi"},{"role":"system","content":"Now"},{"role":"assistant","content":"Yes"}]""")]
    [TestCase(
        "",
        """[{"role":"user","content":[{"type":"text","text":"See"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAA"}},{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]}]""",
        """[{"role":"user","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAA"}},{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]""")]
    [TestCase(
        "",
        """[{"role":"user","content":[{"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"T"}},{"type":"document","source":{"type":"content","content":[{"type":"text","text":"U"}]}}]}]""",
        """[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}},{"type":"text","text":"T"},{"type":"text","text":"U"}]}]""")]
    [TestCase(
        "",
        """[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"T","signature":"S"},{"type":"text","text":"A"},{"type":"text","text":"B"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a": 1.50}},{"type":"tool_use","id":"toolu_2","name":"g","input":{}}]},{"role":"user","content":[{"type":"text","text":"Both"},{"type":"tool_result","tool_use_id":"toolu_2","content":[{"type":"text","text":"G"},{"type":"image","source":{"type":"url","url":"https://e/i"}}]},{"type":"tool_result","tool_use_id":"toolu_1","is_error":true}]}]""",
        """[{"role":"user","content":"Hi"},{"role":"assistant","content":"AB","tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"f","arguments":"{\"a\": 1.50}"}},{"id":"toolu_2","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"toolu_2","content":"G"},{"role":"tool","tool_call_id":"toolu_1","content":"error"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://e/i"}},{"type":"text","text":"Both"}]}]""")]
    [TestCase(
        "",
        """[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"R"}]},{"role":"assistant","content":[{"type":"redacted_thinking","data":"x"}]}]""",
        """[{"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"t","content":"R"}]""")]
    public void Messages_AreMapped(string system, string messages, string expected) => Assert.That(
        Wires.ToChat($$"""{"model":"m",{{system}}"messages":{{messages}}}"""),
        Is.EqualTo(Wires.Minified($$"""{"model":"m","messages":{{expected}},"max_tokens":1000}""")));

    [TestCase(ReasoningEfforts.Off | ReasoningEfforts.Low, "none")]
    [TestCase(ReasoningEfforts.Minimal | ReasoningEfforts.Low, "minimal")]
    [TestCase(ReasoningEfforts.Low | ReasoningEfforts.High, "low")]
    public void DisabledThinking_IsTheLeastEffort(ReasoningEfforts efforts, string expected) => Assert.That(
        Wires.ToChat("""{"messages":[{"role":"user","content":"Hi"}],"thinking":{"type":"disabled"}}""", Wires.Model(new() { Efforts = efforts })),
        Does.Contain($"\"reasoning_effort\":\"{expected}\""));

    [TestCase(""" "thinking":{"type":"enabled","budget_tokens":31999} """)]
    [TestCase(""" "output_config":{"effort":"high"} """)]
    public void Thinking_OfAModelWithoutReasoning_IsLeftOut(string member) => Assert.That(
        Wires.ToChat($$"""{"messages":[{"role":"user","content":"Hi"}],{{member}}}""", Wires.Simple), Does.Not.Contain("effort"));

    [TestCase(""" "mcp_servers":[{"url":"https://e"}] """, "mcp_servers")]
    [TestCase(""" "container":"c" """, "container")]
    [TestCase(""" "fallbacks":[{"model":"x"}] """, "fallbacks")]
    [TestCase(""" "inference_geo":"us" """, "inference_geo")]
    [TestCase(""" "speed":"fast" """, "speed")]
    [TestCase(""" "context_management":{"edits":[{"type":"compact_20260112"}]} """, "context_management.edits")]
    [TestCase(""" "stop_sequences":["a","b","c","d","e"] """, "stop_sequences")]
    [TestCase(""" "output_config":{"effort":"huge"} """, "output_config.effort")]
    [TestCase(""" "output_config":{"format":{"type":"xml"}} """, "output_config.format")]
    [TestCase(""" "tools":[{"type":"web_search_20260318","name":"web_search"}] """, "tools[0].type")]
    [TestCase(""" "tools":[{"type":"bash_20250124","name":"bash"}] """, "tools[0].type")]
    [TestCase(""" "tools":[{"name":"f"}],"tool_choice":{"type":"some"} """, "tool_choice.type")]
    [TestCase(""" "service_tier":"flex" """, "service_tier")]
    public void Member_WithoutAnEquivalent(string member, string field) => Assert.That(
        FieldOf($$"""{"messages":[{"role":"user","content":"Hi"}],{{member}}}"""), Is.EqualTo(field));

    [TestCase("""{"role":"user","content":[{"type":"search_result","title":"x"}]}""", "messages[0].content[0].type")]
    [TestCase("""{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}""", "messages[0].content[0].source.type")]
    [TestCase("""{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://e/a.pdf"}}]}""", "messages[0].content[0].source.type")]
    [TestCase("""{"role":"user","content":[{"type":"document","citations":{"enabled":true},"source":{"type":"text","data":"x"}}]}""", "messages[0].content[0].citations")]
    [TestCase("""{"role":"assistant","content":[{"type":"server_tool_use","id":"x"}]}""", "messages[0].content[0].type")]
    [TestCase("""{"role":"user","content":[{"type":"text","text":7}]}""", "messages[0].content[0].text")]
    [TestCase("""{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":7}]}""", "messages[0].content[0].content")]
    [TestCase("""{"role":"user","content":[{"type":"tool_result","content":"x"}]}""", "messages[0].content[0].tool_use_id")]
    [TestCase("""{"role":"tool","content":"x"}""", "messages[0].role")]
    [TestCase("""{"role":"user","content":7}""", "messages[0].content")]
    public void Block_WithoutAnEquivalent(string message, string field) => Assert.That(FieldOf($$"""{"messages":[{{message}}]}"""), Is.EqualTo(field));

    [TestCase(""" "temperature":0.5 """, "temperature")]
    [TestCase(""" "tools":[{"name":"f"}],"tool_choice":{"type":"any"} """, "tool_choice")]
    public void Member_ThatTheModelDoesNotAccept(string member, string field) => Assert.That(
        FieldOf($$"""{"messages":[{"role":"user","content":"Hi"}],{{member}}}""", Wires.Strict), Is.EqualTo(field));

    private static string FieldOf(string messages, PricedModel? model = null) =>
        Assert.Throws<InvalidRequestException>(() => Wires.ToChat(messages, model))!.Faults.Single().Field;
}
