using System.Text.Json;
using AiGateway.StandIn.Chat;
using AiGateway.StandIn.Replies;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Responses;

/// <summary>Reads a request for a response as strictly as OpenAI does.</summary>
internal static class ResponseReader
{
    public static ResponseRequest Read(Fields fields, StandInOptions options, ResponseStore store)
    {
        var model = fields.RequiredText("model");
        if (!options.ServesAnyModel && (!KnownModels.Exists(model) || KnownModels.IsEmbedding(model))) throw Refusal.NoSuchModel(model);
        foreach (var foreign in (ReadOnlySpan<string>)["messages", "max_tokens", "max_completion_tokens", "n", "response_format"])
        {
            if (fields.Find(foreign) is not null) throw Refusal.Of(foreign, $"'{foreign}' belongs to chat completions.", "unknown_parameter");
        }

        CheckRest(fields, model);
        var previousId = fields.Text("previous_response_id");
        var items = ItemReader.ReadItems(fields);
        var own = items.ConvertAll(ItemReader.ToTurn);
        var isStream = fields.Flag("stream");
        if (fields.Inner("stream_options") is { } streamOptions)
        {
            if (!isStream) throw Refusal.Of("stream_options", "'stream_options' needs 'stream' to be true.");
            if (streamOptions.Find("include_usage") is not null)
                throw Refusal.Of("stream_options.include_usage", "There is no 'include_usage' here.", "unknown_parameter");
        }

        return new ResponseRequest
        {
            Model = model,
            Turns = previousId is null ? own : [.. store.TurnsUpTo(previousId), .. own],
            Items = items,
            Instructions = fields.Text("instructions"),
            PreviousId = previousId,
            Stream = isStream,
            Store = fields.Flag("store", otherwise: true),
            Background = fields.Flag("background"),
            MaxOutputTokens = fields.Whole("max_output_tokens", 16),
            ToolToCall = ReadTool(fields, own[^1].Role),
            Schema = ReadSchema(fields),
            Root = fields.Root.Clone(),
        };
    }

    private static void CheckRest(Fields fields, string model)
    {
        var temperature = fields.Number("temperature", 0, 2);
        fields.Number("top_p", 0, 1);
        if (KnownModels.IsReasoning(model) && temperature is not (null or 1))
            throw Refusal.Of("temperature", $"{model} does not take 'temperature'.", "unsupported_parameter");
        fields.Inner("metadata");
        fields.Inner("reasoning")?.OneOf("effort", "none", "minimal", "low", "medium", "high", "xhigh");
        fields.Flag("parallel_tool_calls");
        fields.OneOf("truncation", "auto", "disabled");
        fields.OneOf("service_tier", "auto", "default", "flex", "priority");
        fields.Text("user");
        fields.List("include");
    }

    private static ToolCall? ReadTool(Fields fields, string lastRole)
    {
        var tools = fields.List("tools") ?? [];
        if (tools.Count == 0) return null;
        var first = Fields.Of(tools[0], "tools[0]");
        if (first.RequiredText("type") != "function") return null;
        var name = first.RequiredText("name");
        var isForbidden = fields.Find("tool_choice") is { ValueKind: JsonValueKind.String } choice && choice.GetString() == "none";
        var arguments = first.Inner("parameters") is { } schema ? Exchange.ToText(SchemaSample.Of(schema.Root)!) : "{}";
        return lastRole == "user" && !isForbidden ? new ToolCall("call_0", name, arguments) : null;
    }

    private static JsonElement? ReadSchema(Fields fields)
    {
        if (fields.Inner("text")?.Inner("format") is not { } format) return null;
        if (format.OneOf("type", "text", "json_object", "json_schema") != "json_schema") return null;
        format.RequiredText("name");
        return format.Inner("schema")?.Root.Clone() ?? throw Refusal.Of("text.format.schema", "'schema' is required.", "missing_required_parameter");
    }
}
