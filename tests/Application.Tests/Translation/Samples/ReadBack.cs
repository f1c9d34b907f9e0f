using System.Text.Json;

namespace AiGateway.Application.Tests.Translation.Samples;

/// <summary>Puts a stream together as a client does.</summary>
internal static class ReadBack
{
    /// <summary>The blocks of a streamed message: type, for a tool its id and name, and the text. Only one may be open.</summary>
    public static List<string> Blocks(IEnumerable<string> events)
    {
        var blocks = new List<string>();
        int? open = null;
        foreach (var each in events)
        {
            using var json = JsonDocument.Parse(each);
            var root = json.RootElement;
            switch (root.GetProperty("type").GetString())
            {
                case "content_block_start":
                    Assert.That(open, Is.Null, "a block starts within another");
                    open = root.GetProperty("index").GetInt32();
                    Assert.That(open, Is.EqualTo(blocks.Count));
                    blocks.Add(HeadOf(root.GetProperty("content_block")));
                    break;
                case "content_block_delta":
                    Assert.That(root.GetProperty("index").GetInt32(), Is.EqualTo(open));
                    blocks[^1] += TextOf(root.GetProperty("delta"));
                    break;
                case "content_block_stop":
                    Assert.That(root.GetProperty("index").GetInt32(), Is.EqualTo(open));
                    open = null;
                    break;
                case "message_delta":
                    Assert.That(open, Is.Null, "the message ends within a block");
                    break;
            }
        }

        return blocks;
    }

    /// <summary>The blocks of a whole message in the same form.</summary>
    public static List<string> BlocksOf(JsonElement message) => [.. message.GetProperty("content").EnumerateArray().Select(block =>
        HeadOf(block) + block.GetProperty("type").GetString() switch
        {
            "text" => block.GetProperty("text").GetString(),
            "thinking" => block.GetProperty("thinking").GetString(),
            _ => block.GetProperty("input").GetRawText(),
        })];

    private static string HeadOf(JsonElement block)
    {
        var type = block.GetProperty("type").GetString()!;
        return type == "tool_use" ? $"{type} {block.GetProperty("id").GetString()} {block.GetProperty("name").GetString()} " : $"{type} ";
    }

    private static string TextOf(JsonElement delta) => delta.GetProperty("type").GetString() switch
    {
        "text_delta" => delta.GetProperty("text").GetString()!,
        "thinking_delta" => delta.GetProperty("thinking").GetString()!,
        "input_json_delta" => delta.GetProperty("partial_json").GetString()!,
        _ => "",
    };
}
