using System.Text.Json;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Chat;

/// <summary>Reads a chat completion as strictly as OpenAI does. Known members must be valid, and unknown members are ignored.</summary>
internal static class ChatReader
{
    public static ChatRequest Read(Fields fields, StandInOptions options)
    {
        var model = fields.RequiredText("model");
        if (!options.ServesAnyModel && (!KnownModels.Exists(model) || KnownModels.IsEmbedding(model))) throw Refusal.NoSuchModel(model);
        var messages = MessageReader.Read(fields);
        CheckSampling(fields, model);
        CheckRest(fields);
        var isStream = fields.Flag("stream");
        var logprobs = fields.Flag("logprobs");
        if (fields.Find("top_logprobs") is not null && !logprobs) throw Refusal.Of("top_logprobs", "'top_logprobs' needs 'logprobs' to be true.");
        return new ChatRequest
        {
            Model = model,
            Turns = messages.Turns,
            Stream = isStream,
            IncludeUsage = ReadIncludeUsage(fields, isStream),
            MaxTokens = ReadLimit(fields, model),
            Choices = (int)(fields.Whole("n", 1, 128) ?? 1),
            Logprobs = logprobs,
            TopLogprobs = (int)(fields.Whole("top_logprobs", 0, 20) ?? 0),
            Stops = ReadStops(fields),
            ToolsToCall = ToolReader.Read(fields, messages.Turns),
            Schema = ReadSchema(fields),
            PromptTokens = Tokens.CountConversation(model, messages.Turns.Select(turn => (turn.Role, turn.Text)))
                + (fields.Find("tools") is { } tools ? Tokens.Count(model, tools.GetRawText()) : 0)
                + messages.ImageTokens,
        };
    }

    private static void CheckSampling(Fields fields, string model)
    {
        var temperature = fields.Number("temperature", 0, 2);
        var topP = fields.Number("top_p", 0, 1);
        fields.Number("frequency_penalty", -2, 2);
        fields.Number("presence_penalty", -2, 2);
        if (!KnownModels.IsReasoning(model)) return;
        if (temperature is not (null or 1)) throw Refusal.Of("temperature", $"{model} takes only the default temperature.", "unsupported_value");
        if (topP is not (null or 1)) throw Refusal.Of("top_p", $"{model} does not take 'top_p'.", "unsupported_parameter");
    }

    private static void CheckRest(Fields fields)
    {
        fields.Whole("seed");
        fields.Flag("store");
        fields.Text("user");
        fields.Text("safety_identifier");
        fields.Text("prompt_cache_key");
        fields.OneOf("service_tier", "auto", "default", "flex", "priority");
        fields.OneOf("reasoning_effort", "none", "minimal", "low", "medium", "high", "xhigh");
        fields.OneOf("verbosity", "low", "medium", "high");
        fields.List("modalities");
        fields.Inner("prediction");
        if (fields.Inner("logit_bias") is { } bias && bias.Root.EnumerateObject().Any(each => each.Value.ValueKind != JsonValueKind.Number))
            throw Refusal.WrongType("logit_bias", "an object of numbers");
        if (fields.Inner("metadata") is { } metadata && metadata.Root.EnumerateObject().Any(each => each.Value.ValueKind != JsonValueKind.String))
            throw Refusal.WrongType("metadata", "an object of strings");
    }

    private static bool ReadIncludeUsage(Fields fields, bool isStream)
    {
        if (fields.Inner("stream_options") is not { } options) return false;
        if (!isStream) throw Refusal.Of("stream_options", "'stream_options' needs 'stream' to be true.");
        options.Flag("include_obfuscation");
        return options.Flag("include_usage");
    }

    private static long? ReadLimit(Fields fields, string model)
    {
        var older = fields.Whole("max_tokens", 1);
        var newer = fields.Whole("max_completion_tokens", 1);
        if (older is not null && KnownModels.IsReasoning(model))
            throw Refusal.Of("max_tokens", $"{model} does not take 'max_tokens': use 'max_completion_tokens'.", "unsupported_parameter");
        if (older is not null && newer is not null)
            throw Refusal.Of("max_tokens", "Give 'max_tokens' or 'max_completion_tokens', not both.", "invalid_parameter_combination");
        return older ?? newer;
    }

    private static List<string> ReadStops(Fields fields)
    {
        const int Most = 4;
        if (fields.Find("stop") is { ValueKind: JsonValueKind.String } one) return [one.GetString()!];
        var stops = fields.List("stop") ?? [];
        if (stops.Count > Most) throw Refusal.Of("stop", $"'stop' holds more than {Most} texts.", "array_above_max_length");
        if (stops.Any(stop => stop.ValueKind != JsonValueKind.String)) throw Refusal.WrongType("stop", "a string or an array of strings");
        return stops.ConvertAll(stop => stop.GetString()!);
    }

    private static JsonElement? ReadSchema(Fields fields)
    {
        if (fields.Inner("response_format") is not { } format) return null;
        switch (format.OneOf("type", "text", "json_object", "json_schema"))
        {
            case "json_schema":
                var named = format.Inner("json_schema") ?? throw Refusal.Of("response_format.json_schema", "'json_schema' is required.");
                named.RequiredText("name");
                named.Flag("strict");
                return named.Inner("schema")?.Root ?? throw Refusal.Of("response_format.json_schema.schema", "'schema' is required.");
            case "json_object":
                return JsonElement.Parse("""{"type":"object","properties":{"answer":{"type":"string"}}}""");
            case null:
                throw Refusal.Of("response_format.type", "'type' is required.", "missing_required_parameter");
            default:
                return null;
        }
    }
}
