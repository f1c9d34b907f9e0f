using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn;

/// <summary><c>POST /v1/embeddings</c>. The vectors depend on the text alone.</summary>
internal sealed class EmbeddingsEndpoint(StandInOptions options)
{
    public async Task AnswerAsync(Exchange exchange)
    {
        var fields = Fields.OfBody(exchange.Request);
        var model = fields.RequiredText("model");
        if (!options.ServesAnyModel && !KnownModels.IsEmbedding(model)) throw Refusal.NoSuchModel(model);
        var inputs = ReadInputs(fields);
        var length = (int)(fields.Whole("dimensions", 1, KnownModels.EmbeddingLength(model)) ?? KnownModels.EmbeddingLength(model));
        var isBase64 = fields.OneOf("encoding_format", "float", "base64") == "base64";
        fields.Text("user");

        var plan = exchange.PlanFor(inputs[0].Text);
        if (!await exchange.OpenAsync(plan)) return;
        var vectors = inputs.Select((input, index) => (JsonNode)new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = index,
            ["embedding"] = ToJson(VectorOf(input.Text, length), isBase64),
        }).ToArray();
        var tokens = plan.PromptTokens ?? inputs.Sum(input => input.Tokens ?? Tokens.Count(model, input.Text));
        var body = new JsonObject { ["object"] = "list", ["data"] = new JsonArray(vectors), ["model"] = model };
        if (!plan.NoUsage) body["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens };
        await exchange.SendAsync(body, plan);
    }

    private static List<(string Text, long? Tokens)> ReadInputs(Fields fields)
    {
        const string Shape = "a string, an array of strings, an array of tokens or an array of such arrays";
        switch (fields.Find("input"))
        {
            case { ValueKind: JsonValueKind.String } text:
                return [(text.GetString()!, null)];
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0:
                var first = list[0].ValueKind;
                if (list.EnumerateArray().Any(item => item.ValueKind != first)) break;
                if (first == JsonValueKind.Number) return [(list.GetRawText(), list.GetArrayLength())];
                if (first == JsonValueKind.String) return [.. list.EnumerateArray().Select(item => (item.GetString()!, (long?)null))];
                if (first == JsonValueKind.Array)
                    return [.. list.EnumerateArray().Select(item => (item.GetRawText(), (long?)item.GetArrayLength()))];
                break;
        }

        throw Refusal.WrongType("input", Shape);
    }

    private static float[] VectorOf(string text, int length)
    {
        var seed = 2166136261u;
        foreach (var character in text) seed = (seed ^ character) * 16777619u;
        var vector = new float[length];
        for (var i = 0; i < length; i++)
        {
            seed = (seed * 1664525u) + 1013904223u;
            vector[i] = ((seed >> 8) / (float)(1 << 24)) - 0.5f;
        }

        return vector;
    }

    private static JsonNode ToJson(float[] vector, bool isBase64) => isBase64
        ? JsonValue.Create(Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan())))
        : new JsonArray([.. vector.Select(value => (JsonNode)JsonValue.Create(value))]);
}
