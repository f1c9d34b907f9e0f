using System.Text.Json.Nodes;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>Random requests with every kind of part, item and tool that clients send, at every depth where they are allowed.</summary>
internal sealed class RequestGrammar(Random random)
{
    private const string Png = "data:image/png;base64,";
    private static readonly string[] Alphabets = ["etaoin shrdlu ", "0123456789", "的一是不了人我", "abcXYZ!?{}[]\"\\\n\t", "🙂👍é"];

    /// <summary>The path and the body of a random request.</summary>
    public (string Path, JsonObject Body) Next() => random.Next(5) switch
    {
        0 => ("/v1/embeddings", Embeddings()),
        1 or 2 => ("/v1/chat/completions", Chat()),
        _ => ("/v1/responses", Response()),
    };

    private JsonObject Embeddings() => new()
    {
        ["model"] = "text-embedding-round",
        ["input"] = random.Next(4) switch
        {
            0 => Text(2_000),
            1 => new JsonArray([.. Some(5, () => (JsonNode)Text(500))]),
            2 => new JsonArray([.. Some(50, () => (JsonNode)random.Next(100_000))]),
            _ => new JsonArray([.. Some(5, () => (JsonNode)new JsonArray([.. Some(50, () => (JsonNode)random.Next(100_000))]))]),
        },
    };

    private JsonObject Chat()
    {
        var body = new JsonObject
        {
            ["model"] = BoundGateway.Model,
            ["max_tokens"] = random.Next(1, 100),
            ["messages"] = new JsonArray([.. Some(6, Message)]),
        };
        if (random.Next(3) == 0) body["tools"] = new JsonArray([.. Some(4, ChatTool)]);
        if (random.Next(4) == 0) body["response_format"] = new JsonObject { ["type"] = "json_schema", ["json_schema"] = Schema(3) };
        AddUnknown(body);
        return body;
    }

    private JsonObject Response()
    {
        var body = new JsonObject
        {
            ["model"] = BoundGateway.Model,
            ["max_output_tokens"] = random.Next(16, 100),
            ["input"] = new JsonArray([.. Some(8, Item)]),
        };
        if (random.Next(3) == 0) body["instructions"] = Text(500);
        if (random.Next(3) == 0) body["tools"] = new JsonArray([.. Some(4, () => Tool(2))]);
        if (random.Next(5) == 0) body["previous_response_id"] = "resp_own";
        AddUnknown(body);
        return body;
    }

    private void AddUnknown(JsonObject body)
    {
        if (random.Next(4) == 0) body["documents"] = new JsonArray([.. Some(3, () => (JsonNode)new JsonObject { ["text"] = Text(500) })]);
        if (random.Next(6) == 0) body["extension"] = Text(200);
    }

    private JsonObject Message()
    {
        var message = new JsonObject
        {
            ["role"] = Pick("system", "user", "assistant", "tool"),
            ["content"] = random.Next(2) == 0 ? Text(1_000) : new JsonArray([.. Some(5, Part)]),
        };
        if (random.Next(4) == 0) message["tool_call_id"] = Text(300);
        if (random.Next(4) == 0) message["name"] = Text(100);
        if (random.Next(8) == 0) message["audio"] = new JsonObject { ["id"] = "audio_1" };
        if (random.Next(4) == 0)
            message["tool_calls"] = new JsonArray(new JsonObject { ["id"] = "c", ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = Text(500) } });
        return message;
    }

    private JsonObject Part() => random.Next(12) switch
    {
        0 => Typed("image_url", "image_url", Image()),
        1 => Typed("image_url", "image_url", $"{Png}{new string('A', random.Next(5_000))}"),
        2 => Typed("input_audio", "input_audio", new JsonObject { ["data"] = new string('A', random.Next(100_000)), ["format"] = Pick("wav", "mp3") }),
        3 => Typed("file", "file", new JsonObject { ["file_id"] = "file_1" }),
        4 => Typed(Pick("video_url", "document", "image", "never_heard_of"), "video_url", "https://example.com/a"),
        5 => new JsonObject { ["type"] = "text", ["text"] = Text(50), ["image_url"] = Image() },
        _ => Typed("text", "text", Text(1_000)),
    };

    private JsonObject Image()
    {
        var image = new JsonObject { ["url"] = random.Next(2) == 0 ? "https://example.com/a.png" : $"{Png}{new string('A', random.Next(5_000))}" };
        if (random.Next(3) == 0) image["detail"] = Pick("low", "high", "auto");
        return image;
    }

    private JsonObject Item() => random.Next(14) switch
    {
        0 => new JsonObject { ["type"] = "function_call", ["call_id"] = "c", ["name"] = "f", ["arguments"] = Text(1_000) },
        1 => new JsonObject { ["type"] = Pick("function_call_output", "custom_tool_call_output"), ["call_id"] = "c", ["output"] = Text(2_000) },
        2 or 3 => new JsonObject { ["type"] = Pick("function_call_output", "custom_tool_call_output"), ["call_id"] = "c", ["output"] = new JsonArray([.. Some(5, OutputPart)]) },
        4 => new JsonObject { ["type"] = "computer_call_output", ["call_id"] = "c", ["output"] = Screenshot() },
        5 => new JsonObject { ["type"] = "shell_call_output", ["call_id"] = "c", ["output"] = new JsonArray(new JsonObject { ["stdout"] = Text(1_000), ["stderr"] = "" }) },
        6 => new JsonObject { ["type"] = "reasoning", ["summary"] = new JsonArray(), ["encrypted_content"] = new string('A', random.Next(1, 3_000)) },
        7 => new JsonObject { ["type"] = "reasoning", ["id"] = "rs_own", ["summary"] = new JsonArray() },
        8 => new JsonObject { ["type"] = "item_reference", ["id"] = "rs_own" },
        9 => new JsonObject { ["type"] = Pick("additional_tools", "tool_search_output"), ["tools"] = new JsonArray([.. Some(4, () => Tool(3))]) },
        10 => new JsonObject { ["type"] = "never_heard_of", ["text"] = Text(10) },
        _ => new JsonObject { ["type"] = "message", ["role"] = Pick("user", "assistant", "developer"), ["content"] = new JsonArray([.. Some(5, InputPart)]) },
    };

    private JsonObject InputPart() => random.Next(8) == 0 ? OutputPart() : Typed(Pick("input_text", "output_text"), "text", Text(1_000));

    private JsonObject OutputPart() => random.Next(5) switch
    {
        0 => Typed("input_image", "image_url", $"{Png}{new string('A', random.Next(5_000))}"),
        1 => Typed("input_image", "file_id", "file_1"),
        2 => Typed("input_file", "file_url", "https://example.com/a.pdf"),
        _ => Typed("input_text", "text", Text(1_000)),
    };

    private JsonObject Screenshot() => random.Next(2) == 0
        ? Typed("computer_screenshot", "image_url", $"{Png}{new string('A', random.Next(5_000))}")
        : Typed("computer_screenshot", "file_id", "file_1");

    private JsonObject ChatTool() => Typed("function", "function", new JsonObject { ["name"] = "f", ["description"] = Text(200), ["parameters"] = Schema(3) });

    private JsonObject Tool(int depth) => random.Next(5) switch
    {
        0 => Typed("custom", "name", "f"),
        1 => new JsonObject { ["type"] = Pick("local_shell", "apply_patch", "computer") },
        2 when depth > 0 => new JsonObject { ["type"] = "namespace", ["name"] = "n", ["tools"] = new JsonArray([.. Some(3, () => Tool(depth - 1))]) },
        _ => new JsonObject { ["type"] = "function", ["name"] = "f", ["description"] = Text(200), ["parameters"] = Schema(3) },
    };

    private JsonObject Schema(int depth)
    {
        var properties = new JsonObject();
        for (var i = random.Next(4); i > 0; i--)
            properties[$"p{i}"] = depth > 0 && random.Next(2) == 0 ? Schema(depth - 1) : new JsonObject { ["type"] = "string", ["description"] = Text(50) };
        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject Typed(string type, string member, JsonNode value) => new() { ["type"] = type, [member] = value };

    private string Text(int most)
    {
        var runes = Pick(Alphabets).EnumerateRunes().ToArray();
        return string.Concat(Enumerable.Range(0, random.Next(1, most)).Select(_ => runes[random.Next(runes.Length)].ToString()));
    }

    private IEnumerable<T> Some<T>(int most, Func<T> make)
        where T : JsonNode => Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => make());

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
