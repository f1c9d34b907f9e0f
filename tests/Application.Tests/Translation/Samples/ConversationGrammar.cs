using System.Text.Json.Nodes;

namespace AiGateway.Application.Tests.Translation.Samples;

/// <summary>Random requests and replies made of what both wires can express.</summary>
internal sealed class ConversationGrammar(Random random)
{
    private static readonly string[] Alphabets = ["etaoin shrdlu ", "0123456789", "的一是不了人我", "abcXYZ!?{}[]\"\\\n\t", "🙂👍é"];
    private int _ids;

    /// <summary>The request of a chat completion that survives the way there and back.</summary>
    public JsonObject Chat()
    {
        var messages = new JsonArray();
        if (Once(2)) messages.Add(new JsonObject { ["role"] = "system", ["content"] = Text(60) });
        for (var turns = random.Next(1, 5); turns > 0; turns--) AddTurn(messages, isLast: turns == 1);
        var body = new JsonObject { ["model"] = "m", ["messages"] = messages, ["max_tokens"] = 1000 };
        if (Once(2)) AddTools(body);
        if (Once(4)) body["stop"] = new JsonArray([.. Some(4, () => (JsonNode)Text(5))]);
        if (Once(3)) body["temperature"] = random.Next(0, 101) / 100m;
        if (Once(4)) body["top_p"] = random.Next(1, 101) / 100m;
        if (Once(4)) body["reasoning_effort"] = Pick("low", "medium", "high", "xhigh");
        if (Once(4)) body["response_format"] = Format();
        if (Once(5)) body["service_tier"] = Pick("auto", "default");
        if (Once(3)) body["stream"] = true;
        return body;
    }

    /// <summary>The message of a chat completion.</summary>
    public JsonObject Said()
    {
        var said = new JsonObject { ["role"] = "assistant", ["content"] = Once(4) ? null : Text(80) };
        if (Once(3)) said["reasoning_content"] = Text(80);
        if (Once(2)) said["tool_calls"] = new JsonArray([.. Some(4, Call)]);
        return said;
    }

    /// <summary>The blocks of a message of Anthropic's wire.</summary>
    public JsonArray Blocks()
    {
        var blocks = new JsonArray();
        for (var i = random.Next(0, 5); i > 0; i--)
        {
            blocks.Add(random.Next(4) switch
            {
                0 => new JsonObject { ["type"] = "thinking", ["thinking"] = Text(60), ["signature"] = "s" },
                1 => new JsonObject { ["type"] = "tool_use", ["id"] = Id(), ["name"] = "f", ["input"] = Input() },
                _ => new JsonObject { ["type"] = "text", ["text"] = Text(60) },
            });
        }

        return blocks;
    }

    /// <summary>A text cut into pieces, none of which is empty or ends within a character.</summary>
    public IEnumerable<string> Cut(string text)
    {
        var runes = text.EnumerateRunes().Select(rune => rune.ToString()).ToArray();
        for (var at = 0; at < runes.Length;)
        {
            var length = Math.Min(random.Next(1, 9), runes.Length - at);
            yield return string.Concat(runes[at..(at + length)]);
            at += length;
        }
    }

    private void AddTurn(JsonArray messages, bool isLast)
    {
        messages.Add(User());
        if (isLast) return;
        var calls = Once(2) ? new JsonArray([.. Some(3, Call)]) : null;
        var said = new JsonObject { ["role"] = "assistant", ["content"] = calls is not null && Once(2) ? null : Text(40) };
        messages.Add(said);
        if (calls is null) return;
        said["tool_calls"] = calls;
        foreach (var call in calls) messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = call!["id"]!.GetValue<string>(), ["content"] = Text(40) });
    }

    private JsonObject User() => new()
    {
        ["role"] = "user",
        ["content"] = Once(2) ? Text(60) : new JsonArray([new JsonObject { ["type"] = "text", ["text"] = Text(20) }, .. Some(3, Part)]),
    };

    private JsonObject Part() => random.Next(4) switch
    {
        0 => new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = "https://example.com/a.png" } },
        1 => new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = "data:image/png;base64,AAAA" } },
        2 => new JsonObject { ["type"] = "file", ["file"] = new JsonObject { ["filename"] = "a.pdf", ["file_data"] = "data:application/pdf;base64,JVBE" } },
        _ => new JsonObject { ["type"] = "text", ["text"] = Text(20) },
    };

    private void AddTools(JsonObject body)
    {
        body["tools"] = new JsonArray(new JsonObject
        {
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = "f", ["description"] = Text(20), ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() } },
        });
        if (Once(2)) return;
        body["tool_choice"] = random.Next(3) switch
        {
            0 => "required",
            1 => "auto",
            _ => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f" } },
        };
        if (Once(2)) body["parallel_tool_calls"] = false;
    }

    private static JsonObject Format() => new()
    {
        ["type"] = "json_schema",
        ["json_schema"] = new JsonObject
        {
            ["name"] = "response",
            ["strict"] = true,
            ["schema"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = false },
        },
    };

    private JsonNode Call() => new JsonObject
    {
        ["id"] = Id(),
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = Pick("f", "g"), ["arguments"] = Input().ToJsonString() },
    };

    private JsonObject Input()
    {
        var input = new JsonObject();
        for (var i = random.Next(0, 3); i > 0; i--) input[$"p{i}"] = Once(2) ? Text(20) : new JsonArray(random.Next(100), Once(2));
        return input;
    }

    private string Id() => $"call_{_ids++}";

    // Not blank: such a text is no block.
    private string Text(int most)
    {
        var runes = Pick(Alphabets).EnumerateRunes().ToArray();
        return "x" + string.Concat(Enumerable.Range(0, random.Next(0, most)).Select(_ => runes[random.Next(runes.Length)].ToString()));
    }

    private IEnumerable<JsonNode> Some(int most, Func<JsonNode> make) => Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => make());

    private bool Once(int outOf) => random.Next(outOf) == 0;

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
