using AiGateway.Application.Tests.Translation.Samples;

namespace AiGateway.Application.Tests.Translation;

/// <summary>Requests of chat completions in Anthropic's wire, exactly.</summary>
public sealed class ChatToMessagesTests
{
    private const string Tools = """{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}}""";
    private const string WrittenTools = """{"name":"f","description":"d","input_schema":{"type":"object","properties":{"a":{"type":"string"}}}}""";

    [TestCase("", "")]
    [TestCase(""" ,"max_tokens":7,"max_completion_tokens":7 """, "")]
    [TestCase(""" ,"stream":true,"stream_options":{"include_usage":true} """, """ ,"stream":true """)]
    [TestCase(""" ,"stop":"END" """, """ ,"stop_sequences":["END"] """)]
    [TestCase(""" ,"stop":["a","","b"] """, """ ,"stop_sequences":["a","b"] """)]
    [TestCase(""" ,"stop":null,"temperature":null,"tools":null """, "")]
    [TestCase(""" ,"temperature":0.5,"top_p":0.9,"top_k":5 """, """ ,"temperature":0.5,"top_p":0.9,"top_k":5 """)]
    [TestCase(""" ,"user":"u1" """, """ ,"metadata":{"user_id":"u1"} """)]
    [TestCase(""" ,"safety_identifier":"s1" """, """ ,"metadata":{"user_id":"s1"} """)]
    [TestCase(""" ,"service_tier":"auto" """, """ ,"service_tier":"auto" """)]
    [TestCase(""" ,"service_tier":"default" """, """ ,"service_tier":"standard_only" """)]
    [TestCase(""" ,"response_format":{"type":"text"} """, "")]
    [TestCase(
        """ ,"response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object","additionalProperties":false}}} """,
        """ ,"output_config":{"format":{"type":"json_schema","schema":{"type":"object","additionalProperties":false}}} """)]
    [TestCase(""" ,"n":1,"logprobs":false,"top_logprobs":0,"logit_bias":{},"frequency_penalty":0,"presence_penalty":0.0,"modalities":["text"],"verbosity":"medium" """, "")]
    [TestCase(""" ,"seed":7,"store":true,"metadata":{"a":"b"},"prediction":{"type":"content","content":"x"},"prompt_cache_key":"k","never_heard_of":1 """, "")]
    public void Members_AreMappedOrIgnored(string members, string expected) => Assert.That(
        Wires.ToMessages($$"""{"model":"m","messages":[{"role":"user","content":"Hi"}]{{members}}}"""),
        Is.EqualTo(Wires.Minified($$"""{"model":"m","max_tokens":1000,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]{{expected}}}""")));

    [TestCase("", "")]
    [TestCase(""" ,"tool_choice":"auto" """, """ ,"tool_choice":{"type":"auto"} """)]
    [TestCase(""" ,"tool_choice":"none","parallel_tool_calls":false """, """ ,"tool_choice":{"type":"none"} """)]
    [TestCase(""" ,"tool_choice":"required" """, """ ,"tool_choice":{"type":"any"} """)]
    [TestCase(""" ,"tool_choice":{"type":"function","function":{"name":"f"}} """, """ ,"tool_choice":{"type":"tool","name":"f"} """)]
    [TestCase(""" ,"parallel_tool_calls":false """, """ ,"tool_choice":{"type":"auto","disable_parallel_tool_use":true} """)]
    [TestCase(""" ,"parallel_tool_calls":true """, "")]
    [TestCase(""" ,"tool_choice":"required","parallel_tool_calls":false """, """ ,"tool_choice":{"type":"any","disable_parallel_tool_use":true} """)]
    public void Tools_AreMapped(string members, string expected) => Assert.That(
        Wires.ToMessages($$"""{"model":"m","messages":[{"role":"user","content":"Hi"}],"tools":[{{Tools}}]{{members}}}"""),
        Is.EqualTo(Wires.Minified(
            $$"""{"model":"m","max_tokens":1000,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"tools":[{{WrittenTools}}]{{expected}}}""")));

    [TestCase("""{"type":"function","function":{"name":"f"}}""", """{"name":"f","input_schema":{"type":"object","properties":{}}}""")]
    [TestCase("""{"function":{"name":"f","parameters":null,"strict":false}}""", """{"name":"f","input_schema":{"type":"object","properties":{}}}""")]
    [TestCase("""{"type":"function","function":{"name":"f","parameters":{"properties":{}},"strict":true}}""", """{"name":"f","input_schema":{"type":"object","properties":{}},"strict":true}""")]
    [TestCase(
        """{"type":"function","function":{"name":"f","parameters":{"type":"object"}},"cache_control":{"type":"ephemeral"}}""",
        """{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}""")]
    public void Tool_IsMapped(string tool, string expected) => Assert.That(
        Wires.ToMessages($$"""{"messages":[{"role":"user","content":"Hi"}],"tools":[{{tool}}]}"""),
        Does.Contain($"\"tools\":[{Wires.Minified(expected)}]"));

    [Test]
    public void AllowedTools_AreTheOnlyOnesSent() => Assert.That(
        Wires.ToMessages($$$"""
            {"messages":[{"role":"user","content":"Hi"}],"tools":[{{{Tools}}},{"type":"function","function":{"name":"g"}}],
             "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]} } }
            """),
        Does.Contain($"\"tools\":[{WrittenTools}],\"tool_choice\":{{\"type\":\"any\"}}"));

    [TestCase("""[{"role":"system","content":"A"},{"role":"developer","content":[{"type":"text","text":"B"}]},{"role":"user","content":"Hi"}]""",
        """ "system":[{"type":"text","text":"A"},{"type":"text","text":"B"}],"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}] """)]
    [TestCase("""[{"role":"user","content":"Hi","name":"Ada"},{"role":"assistant","content":"Yes"},{"role":"system","content":"Late"},{"role":"user","content":"Go on"}]""",
        """ "system":[{"type":"text","text":"Late"}],"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[{"type":"text","text":"Yes"}]},{"role":"user","content":[{"type":"text","text":"Go on"}]}] """)]
    [TestCase("""[{"role":"user","content":[{"type":"text","text":" "},{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":""},{"role":"user","content":""}]""",
        """ "messages":[{"role":"user","content":[{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]}] """)]
    [TestCase("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/jpg;base64,AAA","detail":"low"}},{"type":"image_url","image_url":"https://example.com/a.png"}]}]""",
        """ "messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AAA"}},{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]}] """)]
    [TestCase("""[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}},{"type":"file","file":{"file_data":"data:text/plain;base64,SGk="}}]}]""",
        """ "messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"},"title":"a.pdf"},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"Hi"}}]}] """)]
    [TestCase("""[{"role":"user","content":"Hi"},{"role":"assistant","content":null,"refusal":"No."},{"role":"user","content":"Why?"}]""",
        """ "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[{"type":"text","text":"No."}]},{"role":"user","content":[{"type":"text","text":"Why?"}]}] """)]
    public void Messages_AreMapped(string messages, string expected) => Assert.That(
        Wires.ToMessages($$"""{"model":"m","messages":{{messages}}}"""),
        Is.EqualTo(Wires.Minified($$"""{"model":"m","max_tokens":1000,{{expected}}}""")));

    [Test]
    public void ToolResults_StandInOneUserMessageBeforeOtherContent() => Assert.That(
        Wires.ToMessages("""
            {"messages":[
              {"role":"user","content":"Hi"},
              {"role":"assistant","content":"Looking","tool_calls":[
                {"id":"c.1","type":"function","function":{"name":"f","arguments":"{\"a\":1.50}"}},
                {"id":"c:1","type":"function","function":{"name":"g","arguments":""}}],"reasoning_content":"dropped"},
              {"role":"tool","tool_call_id":"c:1","content":"G"},
              {"role":"user","content":"Meanwhile"},
              {"role":"tool","tool_call_id":"c.1","content":[{"type":"text","text":"F"}]},
              {"role":"user","content":"Then"}]}
            """),
        Is.EqualTo(Wires.Minified("""
            {"model":"m","max_tokens":1000,"messages":[
              {"role":"user","content":[{"type":"text","text":"Hi"}]},
              {"role":"assistant","content":[{"type":"text","text":"Looking"},
                {"type":"tool_use","id":"c_1","name":"f","input":{"a":1.50}},
                {"type":"tool_use","id":"c_1_2","name":"g","input":{}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"c_1_2","content":"G"},
                {"type":"tool_result","tool_use_id":"c_1","content":[{"type":"text","text":"F"}]},
                {"type":"text","text":"Meanwhile"},{"type":"text","text":"Then"}]}]}
            """)));

    // Thinking of models that decide themselves how long they think.
    [TestCase("minimal", """ "thinking":{"type":"adaptive"},"output_config":{"effort":"low"} """)]
    [TestCase("low", """ "thinking":{"type":"adaptive"},"output_config":{"effort":"low"} """)]
    [TestCase("high", """ "thinking":{"type":"adaptive"},"output_config":{"effort":"high"} """)]
    [TestCase("xhigh", """ "thinking":{"type":"adaptive"},"output_config":{"effort":"high"} """)]
    [TestCase("max", """ "thinking":{"type":"adaptive"},"output_config":{"effort":"high"} """)]
    [TestCase("none", """ "thinking":{"type":"adaptive"},"output_config":{"effort":"low"} """)]
    public void Effort_OfAnAdaptiveModel(string effort, string expected) => Assert.That(ThinkingOf(effort, "strict", 1000), Is.EqualTo(Wires.Minified($"{{{expected}}}")));

    // Thinking of models with a budget: below the output limit, and none where the limit is too low.
    [TestCase("low", 50_000, """ "thinking":{"type":"enabled","budget_tokens":2048} """)]
    [TestCase("medium", 50_000, """ "thinking":{"type":"enabled","budget_tokens":4096} """)]
    [TestCase("high", 50_000, """ "thinking":{"type":"enabled","budget_tokens":8192} """)]
    [TestCase("xhigh", 50_000, """ "thinking":{"type":"enabled","budget_tokens":16384} """)]
    [TestCase("high", 4096, """ "thinking":{"type":"enabled","budget_tokens":2048} """)]
    [TestCase("high", 1025, """ "thinking":{"type":"enabled","budget_tokens":1024} """)]
    [TestCase("high", 1024, "")]
    [TestCase("none", 50_000, """ "thinking":{"type":"disabled"} """)]
    public void Effort_OfAModelWithABudget(string effort, long limit, string expected) => Assert.That(ThinkingOf(effort, "budget", limit), Is.EqualTo(Wires.Minified($"{{{expected}}}")));

    [Test]
    public void Effort_OfAModelWithABudgetWithinAToolLoop_IsLeftOut() => Assert.That(
        Wires.ToMessages(
            """
            {"reasoning_effort":"high","messages":[{"role":"user","content":"Hi"},
             {"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"x"}]}
            """,
            Wires.Budget,
            50_000),
        Does.Not.Contain("thinking"));

    [TestCase("none")]
    public void Effort_OfAModelThatThinksBetweenTools(string effort) => Assert.That(
        ThinkingOf(effort, "between", 1000), Is.EqualTo("""{"thinking":{"type":"between_tools"}}"""));

    [Test]
    public void Sampling_AtItsDefault_IsLeftOutForAModelWithoutIt() => Assert.That(
        Wires.ToMessages("""{"messages":[{"role":"user","content":"Hi"}],"temperature":1,"top_p":1.0}""", Wires.Strict), Does.Not.Contain("temperature").And.Not.Contain("top_p"));

    [Test]
    public void Positions_OfMembers_AreThoseInTheBody()
    {
        var wire = Wires.ToTarget(Requests.WireKind.OpenAiChat, Requests.WireKind.AnthropicMessages, """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""");

        var limit = wire.Members.Single(member => member.Name == "max_tokens");
        Assert.That(Wires.Text(wire.Body.Slice(limit.ValueStart, limit.ValueLength)), Is.EqualTo("1000"));
    }

    private static string ThinkingOf(string effort, string model, long limit)
    {
        var priced = model switch
        {
            "strict" => Wires.Strict,
            "budget" => Wires.Budget,
            _ => Wires.Model(new() { Thinking = Domain.ThinkingTypes.Adaptive | Domain.ThinkingTypes.BetweenTools }),
        };
        var root = System.Text.Json.Nodes.JsonNode.Parse(
            Wires.ToMessages($$"""{"messages":[{"role":"user","content":"Hi"}],"reasoning_effort":"{{effort}}"}""", priced, limit))!.AsObject();
        foreach (var name in (string[])["model", "max_tokens", "messages"]) root.Remove(name);
        return root.ToJsonString();
    }
}
