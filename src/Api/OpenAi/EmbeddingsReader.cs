using System.Text.Json;
using AiGateway.Api.Auth;
using AiGateway.Api.OpenAi.Reading;
using AiGateway.Api.Wires;
using AiGateway.Application;
using AiGateway.Application.Generation;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Api.OpenAi;

/// <summary>Reads the JSON of <c>POST /v1/embeddings</c> into the generate command.</summary>
internal static class EmbeddingsReader
{
    public static Generate Read(ReadOnlyMemory<byte> body, HttpContext context)
    {
        using var json = WireBody.Parse(body);
        var reader = new WireReader(body, json.RootElement);
        var prompt = new PromptCollector(reader);
        var defaults = context.RequestServices.GetRequiredService<GatewayDefaults>();
        var tools = new OpenAiToolReader(reader, prompt, defaults.ProviderTools, boundsCalls: false);
        new MemberReader(reader, prompt, tools, defaults) { HoldsByBytes = true }.Read(MemberLists.Embeddings);
        ReadInput(reader, prompt);
        var command = context.NewGenerate() with
        {
            Operation = ModelOperation.Embeddings,
            Model = RequestedModel.Read(reader, context),
            Messages = [],
            EndUser = EndUsers.Read(reader),
            Extras = prompt.ToExtras(),
        };
        if (command.Model is null) reader.Blame("model", "is required");
        command = command with { Wire = reader.ToRequest(WireKind.OpenAiEmbeddings) };
        tools.Announce(context.Response);
        return command;
    }

    // One text, texts, one array of tokens, or arrays of tokens.
    private static void ReadInput(WireReader reader, PromptCollector prompt)
    {
        const string Name = "input";
        const string Shape = "must be a string, an array of strings, an array of tokens or an array of such arrays";
        switch (reader.Find(Name))
        {
            case { ValueKind: JsonValueKind.String } text:
                prompt.AddText(reader.TextOf(text, Name));
                break;
            case { ValueKind: JsonValueKind.Array } inputs when inputs.GetArrayLength() > 0:
                foreach (var input in inputs.EnumerateArray())
                {
                    if (input.ValueKind == JsonValueKind.String) prompt.AddText(reader.TextOf(input, Name));
                    else if (input.ValueKind == JsonValueKind.Number) prompt.AddTokens(1);
                    else if (IsTokens(input)) prompt.AddTokens(input.GetArrayLength());
                    else reader.Blame(Name, Shape);
                }

                break;
            default:
                reader.Blame(Name, Shape);
                break;
        }
    }

    private static bool IsTokens(JsonElement input) =>
        input.ValueKind == JsonValueKind.Array && input.EnumerateArray().All(token => token.ValueKind == JsonValueKind.Number);
}
