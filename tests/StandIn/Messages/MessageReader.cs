using System.Text.Json;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Messages;

/// <summary>Reads a message request as strictly as Anthropic does: an unknown member or block is refused.</summary>
internal static class MessageReader
{
    private const long MostOutput = 128_000;
    private const int CharactersPerToken = 4;

    private static readonly string[] Known =
    [
        "model", "messages", "system", "max_tokens", "stream", "temperature", "top_p", "top_k", "stop_sequences", "metadata", "service_tier", "thinking",
        "cache_control", "tools", "tool_choice", "output_config", "context_management",
    ];

    private static readonly string[] Versions = ["2023-06-01", "2026-10-21"];

    /// <param name="request">The request.</param>
    /// <param name="isCount">Whether it is only counted: <c>max_tokens</c> is then no member of it.</param>
    public static MessageRequest Read(RecordedRequest request, bool isCount)
    {
        var version = request.Headers.GetValueOrDefault("anthropic-version") ?? throw new Refusal(400, "anthropic-version: header is required");
        if (!Versions.Contains(version)) throw new Refusal(400, $"anthropic-version: \"{version}\" is not a valid version");
        var fields = Fields.OfBody(request);
        foreach (var member in fields.Root.EnumerateObject())
        {
            if (!Known.Contains(member.Name)) throw new Refusal(400, $"{member.Name}: Extra inputs are not permitted");
        }

        if (version == Versions[1] && fields.Find("temperature") is not null) throw new Refusal(400, "temperature: not supported in this version");
        var model = fields.Text("model") ?? throw Missing("model");
        if (!model.StartsWith("claude-", StringComparison.Ordinal)) throw new Refusal(404, $"model: {model}");
        var limit = isCount ? 0 : fields.Whole("max_tokens", 0, MostOutput) ?? throw Missing("max_tokens");
        var messages = fields.List("messages") ?? throw Missing("messages");
        if (messages.Count == 0) throw new Refusal(400, "messages: at least one message is required");
        var blocks = BlockReader.Read(messages);
        if (fields.Find("system") is { ValueKind: JsonValueKind.Array } system) blocks.ReadSystem(system);
        var tools = ToolsOf(fields);
        return new MessageRequest
        {
            Model = model,
            MaxTokens = limit,
            Stream = fields.Flag("stream"),
            InputTokens = messages.Sum(TokensOf) + (fields.Find("system") is { } text ? TokensOf(text) : 0)
                + (fields.Find("tools") is { } offered ? TokensOf(offered) : 0),
            Cache = blocks.Cache,
            Thinks = Thinks(fields, limit),
            LastText = blocks.LastText,
            LastUserText = blocks.LastUserText,
            ToolTurns = blocks.ToolTurns,
            Schema = fields.Inner("output_config")?.Inner("format")?.Find("schema"),
            ToolsToCall = fields.Inner("tool_choice")?.Text("type") == "none" ? [] : tools,
        };
    }

    private static bool Thinks(Fields fields, long limit)
    {
        if (fields.Inner("thinking") is not { } thinking) return false;
        var type = thinking.OneOf("type", "adaptive", "enabled", "disabled", "between_tools") ?? throw Missing("thinking.type");
        if (type != "enabled") return type == "adaptive";
        var budget = thinking.Whole("budget_tokens", 1024) ?? throw Missing("thinking.budget_tokens");
        return budget < limit ? true : throw new Refusal(400, "max_tokens: must be greater than thinking.budget_tokens");
    }

    private static List<(string Name, JsonElement Schema)> ToolsOf(Fields fields)
    {
        var tools = new List<(string Name, JsonElement Schema)>();
        foreach (var tool in fields.List("tools") ?? [])
        {
            var read = Fields.Of(tool, "tools");
            tools.Add((read.Text("name") ?? throw Missing("tools.name"), read.Find("input_schema") ?? throw Missing("tools.input_schema")));
        }

        if (fields.Inner("tool_choice")?.Text("name") is { } chosen) tools.RemoveAll(tool => tool.Name != chosen);
        return tools;
    }

    // By length, so that ids, which differ from call to call, count alike.
    private static long TokensOf(JsonElement json) => (json.GetRawText().Length + CharactersPerToken - 1) / CharactersPerToken;

    private static Refusal Missing(string name) => new(400, $"{name}: Field required");
}
