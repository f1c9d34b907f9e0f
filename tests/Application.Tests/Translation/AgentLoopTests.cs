using System.Text;
using System.Text.Json.Nodes;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Tests.Translation.Samples;

namespace AiGateway.Application.Tests.Translation;

/// <summary>An agent that hands every reply back as it came reaches the end of its loop, over five turns of tools.</summary>
public sealed class AgentLoopTests
{
    private const int Turns = 5;

    [Test]
    public void AgentOfOpenAi_WithAModelOfAnthropicsWire()
    {
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Start" });
        for (var turn = 0; turn <= Turns; turn++)
        {
            var request = Wires.ToMessages(new JsonObject { ["messages"] = messages.DeepClone() }.ToJsonString(), Wires.Strict);
            Assert.That(MessagesWire.FaultsOf(request), Is.Empty);
            Assert.That(JsonNode.Parse(request)!["messages"]!.AsArray(), Has.Count.EqualTo((2 * turn) + 1));

            var choice = Translate(WireKind.OpenAiChat, MessageOf(turn))["choices"]![0]!;
            messages.Add(choice["message"]!.DeepClone());
            var calls = choice["message"]!["tool_calls"]?.AsArray() ?? [];
            Assert.That(choice["finish_reason"]!.GetValue<string>(), Is.EqualTo(turn < Turns ? "tool_calls" : "stop"));
            Assert.That(calls, Has.Count.EqualTo(turn < Turns ? 2 : 0));
            foreach (var call in calls) messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = call!["id"]!.DeepClone(), ["content"] = "result" });
        }
    }

    [Test]
    public void AgentOfAnthropic_WithAModelOfOpenAisWire()
    {
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Start" });
        for (var turn = 0; turn <= Turns; turn++)
        {
            var request = JsonNode.Parse(Wires.ToChat(new JsonObject { ["messages"] = messages.DeepClone() }.ToJsonString()))!["messages"]!.AsArray();
            Assert.That(string.Join(' ', request.Select(message => message!["role"]!.GetValue<string>())), Is.EqualTo("user" + string.Concat(Enumerable.Repeat(" assistant tool tool", turn))));
            Assert.That(
                request.Where(message => message!["role"]!.GetValue<string>() == "tool").Select(message => message!["tool_call_id"]!.GetValue<string>()),
                Is.EqualTo(request.SelectMany(message => message!["tool_calls"]?.AsArray() ?? []).Select(call => call!["id"]!.GetValue<string>())));

            var message = Translate(WireKind.AnthropicMessages, CompletionOf(turn));
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = message["content"]!.DeepClone() });
            Assert.That(message["stop_reason"]!.GetValue<string>(), Is.EqualTo(turn < Turns ? "tool_use" : "end_turn"));
            var results = message["content"]!.AsArray().Where(block => block!["type"]!.GetValue<string>() == "tool_use")
                .Select(block => (JsonNode)new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = block!["id"]!.DeepClone(), ["content"] = "result" });
            if (turn < Turns) messages.Add(new JsonObject { ["role"] = "user", ["content"] = new JsonArray([.. results]) });
        }
    }

    private static JsonNode Translate(WireKind client, string body) => JsonNode.Parse(
        Wires.Translator().ToClient("alpha", Wires.Across(client), new ModelReply { Model = "m", Usage = new(1, 1), Body = Encoding.UTF8.GetBytes(body) }).Body.Span)!;

    private static string MessageOf(int turn) => turn == Turns
        ? """{"id":"msg","content":[{"type":"text","text":"Done"}],"stop_reason":"end_turn"}"""
        : $$$"""{"id":"msg","content":[{"type":"thinking","thinking":"Hm","signature":"s"},{"type":"tool_use","id":"toolu_{{{turn}}}a","name":"f","input":{}},{"type":"tool_use","id":"toolu_{{{turn}}}b","name":"g","input":{"a":[1]}}],"stop_reason":"tool_use"}""";

    // A server without ids that says stop beside its tool calls.
    private static string CompletionOf(int turn) => turn == Turns
        ? """{"id":"c","choices":[{"message":{"content":"Done"},"finish_reason":"stop"}]}"""
        : $$$"""{"id":"c{{{turn}}}","choices":[{"message":{"content":null,"tool_calls":[{"function":{"name":"f","arguments":""}},{"function":{"name":"g","arguments":"{\"a\":[1]}"}}]},"finish_reason":"stop"}]}""";
}
