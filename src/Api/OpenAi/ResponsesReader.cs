using System.Text.Json;
using AiGateway.Api.Door;
using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Api.OpenAi;

/// <summary>From the JSON of <c>POST /v1/responses</c> to the generate command.</summary>
internal static class ResponsesReader
{
    // They run here or at the client; every other tool runs at the provider, which bills it by the call.
    private static readonly string[] PricedTools = ["function", "custom"];

    public static Generate Read(ReadOnlyMemory<byte> body, HttpContext context)
    {
        using var json = WireBody.Parse(body);
        var reader = new WireReader(body, json.RootElement);
        var prompt = new PromptReader(reader);
        var references = new List<string>();
        if (reader.FindText("instructions") is { } instructions) prompt.AddMessage("developer", instructions);
        ReadInput(reader, prompt, references);
        if (reader.FindText("previous_response_id") is { } previous) references.Add(previous);
        ReadTools(reader, prompt);
        prompt.AddRaw(reader.Find("text"));
        RefuseUnpriced(reader);

        var command = context.NewGenerate() with
        {
            Operation = ModelOperation.Responses,
            Model = reader.FindText("model"),
            Messages = prompt.Messages,
            Stream = reader.FindFlag("stream"),
            Options = new GenerateOptions { MaxTokens = reader.FindCount("max_output_tokens", int.MaxValue) },
            EndUser = reader.FindText("user"),
            Tier = ServiceTiers.Asked(reader.FindText("service_tier")),
            References = references,
        };
        return command with { Extras = prompt.ToExtras(), Wire = reader.ToRequest() };
    }

    private static void ReadInput(WireReader reader, PromptReader prompt, List<string> references)
    {
        const string Name = "input";
        switch (reader.Find(Name))
        {
            case { ValueKind: JsonValueKind.String } text:
                prompt.AddMessage("user", reader.TextOf(text, Name));
                break;
            case { ValueKind: JsonValueKind.Array } items:
                var at = 0;
                foreach (var item in items.EnumerateArray()) ReadItem(reader, prompt, references, item, $"{Name}[{at++}]");
                break;
            default:
                reader.Blame(Name, "must be a string or an array of items");
                break;
        }
    }

    // A message has a role; an item reference an id alone; everything else is counted as the JSON text it is.
    private static void ReadItem(WireReader reader, PromptReader prompt, List<string> references, JsonElement item, string field)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            reader.Blame(field, "must be an object");
            return;
        }

        var type = item.TryGetProperty("type"u8, out var named) && named.ValueKind == JsonValueKind.String ? reader.TextOf(named, $"{field}.type") : null;
        var id = item.TryGetProperty("id"u8, out var given) && given.ValueKind == JsonValueKind.String ? reader.TextOf(given, $"{field}.id") : null;
        if (type == "item_reference" || (type is null && id is not null && !item.TryGetProperty("role"u8, out _)))
        {
            if (id is null) reader.Blame($"{field}.id", "is required");
            else references.Add(id);
        }
        else if (type is null or "message")
        {
            prompt.ReadMessage(item, field);
        }
        else
        {
            prompt.AddRaw(item);
        }
    }

    private static void ReadTools(WireReader reader, PromptReader prompt)
    {
        if (reader.Find("tools") is not { } tools) return;
        prompt.AddRaw(tools);
        if (tools.ValueKind != JsonValueKind.Array) return;
        var at = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            var type = tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("type"u8, out var named) && named.ValueKind == JsonValueKind.String
                ? reader.TextOf(named, $"tools[{at}].type")
                : "";
            if (!PricedTools.Contains(type))
                reader.Blame($"tools[{at}].type", $"must be one of {string.Join(", ", PricedTools)}: the provider bills its own tools by the call, which the price book does not price");
            at++;
        }
    }

    private static void RefuseUnpriced(WireReader reader)
    {
        if (reader.FindFlag("background"))
            reader.Blame("background", "is not offered: a reply that ends after the request could not be booked");
        if (reader.Find("conversation") is not null)
            reader.Blame("conversation", "is not offered: its size cannot be known; use previous_response_id");
        if (reader.Find("prompt") is not null)
            reader.Blame("prompt", "is not offered: the size of a stored prompt cannot be known; send its text");
    }
}
