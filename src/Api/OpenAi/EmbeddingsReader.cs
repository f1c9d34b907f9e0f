using System.Text.Json;
using AiGateway.Api.Door;
using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Api.OpenAi;

/// <summary>From the JSON of <c>POST /v1/embeddings</c> to the generate command.</summary>
internal static class EmbeddingsReader
{
    public static Generate Read(ReadOnlyMemory<byte> body, HttpContext context)
    {
        using var json = WireBody.Parse(body);
        var reader = new WireReader(body, json.RootElement);
        var prompt = new PromptReader(reader);
        var tokens = ReadInput(reader, prompt);
        var command = context.NewGenerate() with
        {
            Operation = ModelOperation.Embeddings,
            Model = reader.FindText("model"),
            Messages = [],
            EndUser = reader.FindText("user"),
            Extras = prompt.ToExtras(tokens: tokens),
        };
        if (command.Model is null) reader.Blame("model", "is required");
        return command with { Wire = reader.ToRequest() };
    }

    // One text, texts, one array of tokens, or arrays of tokens.
    private static long ReadInput(WireReader reader, PromptReader prompt)
    {
        const string Name = "input";
        const string Shape = "must be a string, an array of strings, an array of tokens or an array of such arrays";
        long tokens = 0;
        switch (reader.Find(Name))
        {
            case { ValueKind: JsonValueKind.String } text:
                prompt.AddText(reader.TextOf(text, Name));
                return 0;
            case { ValueKind: JsonValueKind.Array } inputs when inputs.GetArrayLength() > 0:
                foreach (var input in inputs.EnumerateArray())
                {
                    if (input.ValueKind == JsonValueKind.String) prompt.AddText(reader.TextOf(input, Name));
                    else if (input.ValueKind == JsonValueKind.Number) tokens++;
                    else if (input.ValueKind == JsonValueKind.Array) tokens += input.GetArrayLength();
                    else reader.Blame(Name, Shape);
                }

                return tokens;
            default:
                reader.Blame(Name, Shape);
                return 0;
        }
    }
}
