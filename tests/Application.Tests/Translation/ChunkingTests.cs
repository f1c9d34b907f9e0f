using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Tests.Translation.Samples;
using AiGateway.Domain;

namespace AiGateway.Application.Tests.Translation;

/// <summary>However a provider cuts its reply into events, the client puts together what it would have got at once.</summary>
public sealed class ChunkingTests
{
    [TestCase(11)]
    [TestCase(12)]
    public async Task ChatCompletion_CutAnywhere_IsTheSameMessage(int seed)
    {
        var random = new Random(seed);
        var grammar = new ConversationGrammar(random);
        var call = Wires.Across(WireKind.AnthropicMessages, streams: true);
        for (var i = 0; i < 200; i++)
        {
            var said = grammar.Said();
            var reason = said["tool_calls"] is null ? "stop" : "tool_calls";
            var whole = new JsonObject
            {
                ["id"] = "c1",
                ["model"] = "gpt",
                ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = said.DeepClone(), ["finish_reason"] = reason }),
                ["usage"] = new JsonObject { ["prompt_tokens"] = 9, ["completion_tokens"] = 3 },
            };
            var plain = Whole(call, whole, new TokenUsage(9, 3));

            var events = await Wires.EventsAsync(call, Wires.ChatChunks(Cut(whole, said, grammar, random)));

            Assert.That(Normal(ReadBack.Blocks(events)), Is.EqualTo(Normal(ReadBack.BlocksOf(plain))), said.ToJsonString());
            var last = JsonDocument.Parse(events[^2]).RootElement;
            Assert.That(last.GetProperty("delta").GetProperty("stop_reason").GetString(), Is.EqualTo(plain.GetProperty("stop_reason").GetString()));
            Assert.That(last.GetProperty("usage").GetRawText(), Is.EqualTo(plain.GetProperty("usage").GetRawText()));
        }
    }

    [TestCase(21)]
    [TestCase(22)]
    public async Task Message_CutAnywhere_IsTheSameChatCompletion(int seed)
    {
        var random = new Random(seed);
        var grammar = new ConversationGrammar(random);
        var call = Wires.Across(WireKind.OpenAiChat, streams: true);
        for (var i = 0; i < 200; i++)
        {
            var blocks = grammar.Blocks();
            var message = new JsonObject { ["id"] = "msg_1", ["model"] = "claude", ["content"] = blocks, ["stop_reason"] = "end_turn" };
            var plain = Whole(call, message, new TokenUsage(9, 3));
            var together = new ReplyOfEvents();

            foreach (var each in await Wires.EventsAsync(call, Wires.MessageChunks(Cut(blocks, grammar, random)))) together.Add(Encoding.UTF8.GetBytes(each), isLast: false);

            var read = JsonDocument.Parse(together.ToJson()!.Value).RootElement;
            Assert.That(Normal(read), Is.EqualTo(Normal(plain)), blocks.ToJsonString());
            Assert.That(read.GetProperty("usage").GetRawText(), Is.EqualTo(plain.GetProperty("usage").GetRawText()));
        }
    }

    private static JsonElement Whole(ModelCall call, JsonObject body, TokenUsage usage)
    {
        var reply = Wires.Translator().ToClient("alpha", call, new ModelReply { Model = "m", Usage = usage, Body = Encoding.UTF8.GetBytes(body.ToJsonString()) });
        return JsonDocument.Parse(reply.Body).RootElement;
    }

    // Reasoning, text, tool calls that interleave, a finish reason; the usage with it or after it.
    private static IEnumerable<string> Cut(JsonObject whole, JsonObject said, ConversationGrammar grammar, Random random)
    {
        foreach (var member in (string[])["reasoning_content", "content"])
        {
            foreach (var piece in grammar.Cut(said[member]?.GetValue<string>() ?? "")) yield return Chunk(new JsonObject { [member] = piece });
        }

        var calls = (said["tool_calls"]?.AsArray() ?? []).Select((call, index) => new Queue<JsonObject>(Cut(call!.AsObject(), index, grammar))).ToList();
        var begun = 0;
        while (calls.Exists(call => call.Count > 0))
        {
            var at = random.Next(Math.Min(begun + 1, calls.Count));
            if (!calls[at].TryDequeue(out var part))
            {
                begun = Math.Max(begun, at + 1);
                continue;
            }

            begun = Math.Max(begun, at + 1);
            yield return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(part) });
        }

        var choice = whole["choices"]![0]!;
        var end = new JsonObject { ["id"] = "c1", ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject(), ["finish_reason"] = choice["finish_reason"]!.DeepClone() }) };
        var isTogether = random.Next(2) == 0;
        if (isTogether) end["usage"] = whole["usage"]!.DeepClone();
        yield return end.ToJsonString();
        if (!isTogether) yield return new JsonObject { ["id"] = "c1", ["choices"] = new JsonArray(), ["usage"] = whole["usage"]!.DeepClone() }.ToJsonString();
    }

    private static IEnumerable<JsonObject> Cut(JsonObject call, int index, ConversationGrammar grammar)
    {
        var function = call["function"]!;
        yield return new JsonObject
        {
            ["index"] = index,
            ["id"] = call["id"]!.DeepClone(),
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = function["name"]!.DeepClone(), ["arguments"] = "" },
        };
        foreach (var piece in grammar.Cut(function["arguments"]!.GetValue<string>()))
            yield return new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = piece } };
    }

    private static string Chunk(JsonObject delta) => new JsonObject
    {
        ["id"] = "c1",
        ["model"] = "gpt",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = null }),
    }.ToJsonString();

    private static IEnumerable<string> Cut(JsonArray blocks, ConversationGrammar grammar, Random random)
    {
        yield return """{"type":"message_start","message":{"id":"msg_1","model":"claude","content":[]}}""";
        for (var index = 0; index < blocks.Count; index++)
        {
            var block = blocks[index]!.AsObject();
            var type = block["type"]!.GetValue<string>();
            var (member, delta, text) = type switch
            {
                "text" => ("text", "text_delta", block["text"]!.GetValue<string>()),
                "thinking" => ("thinking", "thinking_delta", block["thinking"]!.GetValue<string>()),
                _ => ("partial_json", "input_json_delta", block["input"]!.ToJsonString()),
            };
            var start = block.DeepClone().AsObject();
            if (type == "tool_use") start["input"] = new JsonObject();
            else start[member] = "";
            yield return new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = start }.ToJsonString();
            if (random.Next(4) == 0) yield return """{"type":"ping"}""";

            // A tool without arguments has no delta.
            foreach (var piece in text == "{}" ? [] : grammar.Cut(text))
                yield return new JsonObject { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = new JsonObject { ["type"] = delta, [member] = piece } }.ToJsonString();
            yield return new JsonObject { ["type"] = "content_block_stop", ["index"] = index }.ToJsonString();
        }

        yield return """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":9,"output_tokens":3}}""";
        if (random.Next(4) > 0) yield return """{"type":"message_stop"}""";
    }

    // The arguments of a tool as JSON, since blanks in them are the model's.
    private static List<string> Normal(List<string> blocks) => [.. blocks.Select(block =>
    {
        if (!block.StartsWith("tool_use ", StringComparison.Ordinal)) return block;
        var words = block.Split(' ', 4);
        return $"{words[1]} {words[2]} {Wires.Minified(words[3].Length == 0 ? "{}" : words[3])}";
    })];

    private static string Normal(JsonElement completion)
    {
        var choice = completion.GetProperty("choices")[0];
        var message = choice.GetProperty("message");
        var calls = message.Find("tool_calls"u8) is { } given ? given.EnumerateArray().Select(call =>
            $"{call.GetProperty("id").GetString()} {Wires.Minified(call.GetProperty("function").GetProperty("arguments").GetString()!)}") : [];
        return $"{completion.GetProperty("id")}|{message.FindText("content"u8)}|{message.FindText("reasoning_content"u8)}|{string.Join(';', calls)}|{choice.GetProperty("finish_reason")}";
    }
}
