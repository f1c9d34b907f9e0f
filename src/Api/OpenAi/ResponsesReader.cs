using AiGateway.Api.Auth;
using AiGateway.Api.OpenAi.Reading;
using AiGateway.Application.Generation;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Api.OpenAi;

/// <summary>Reads the JSON of <c>POST /v1/responses</c> into the generate command.</summary>
internal static class ResponsesReader
{
    public static Generate Read(ReadOnlyMemory<byte> body, HttpContext context)
    {
        using var json = WireBody.Parse(body);
        var reader = new WireReader(body, json.RootElement);
        var prompt = new PromptCollector(reader);
        var names = new StoredNames();
        new MemberReader(reader, prompt, context).Read(MemberLists.Responses);
        if (reader.Find("tools") is { } tools) new ToolReader(reader, prompt).ReadTools(tools, "tools");
        if (reader.FindText("instructions") is { } instructions) prompt.AddMessage("developer", instructions);
        new ItemReader(reader, prompt, names).Read(reader.Find("input"));
        var previous = reader.FindText("previous_response_id");
        names.AddReference(previous);
        names.Check(reader);
        RefuseUnbooked(reader);

        var command = context.NewGenerate() with
        {
            Operation = ModelOperation.Responses,
            Model = reader.FindText("model"),
            Messages = prompt.Messages,
            Stream = reader.FindFlag("stream"),
            Options = new GenerateOptions { MaxTokens = reader.FindCount("max_output_tokens", int.MaxValue) },
            EndUser = EndUsers.Read(reader),
            Tier = ServiceTierNames.Requested(reader.FindText("service_tier")),
            References = names.References,
            PreviousResponseId = previous,
            CarriedIds = names.Carried,
        };
        return command with
        {
            ConversationKey = command.ConversationKey ?? ConversationKeys.Find(reader),
            Extras = prompt.ToExtras(),
            Wire = reader.ToRequest(),
        };
    }

    private static void RefuseUnbooked(WireReader reader)
    {
        if (reader.FindFlag("background"))
            reader.Blame("background", "is not supported: a reply that ends after the request cannot be charged");
        if (reader.Find("conversation") is not null)
            reader.Blame("conversation", "is not supported: the size of a conversation is unknown. Use previous_response_id");
        if (reader.Find("prompt") is not null)
            reader.Blame("prompt", "is not supported: the size of a stored prompt is unknown. Send its text");
    }
}
