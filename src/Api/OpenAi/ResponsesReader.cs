using AiGateway.Api.Auth;
using AiGateway.Api.OpenAi.Reading;
using AiGateway.Api.Wires;
using AiGateway.Application;
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
        var defaults = context.RequestServices.GetRequiredService<GatewayDefaults>();
        var tools = new OpenAiToolReader(reader, prompt, defaults.ProviderTools, boundsCalls: true);
        new MemberReader(reader, prompt, tools, defaults).Read(MemberLists.Responses);
        if (reader.Find("tools") is { } offered) tools.ReadOffered(offered);
        if (reader.FindText("instructions") is { } instructions) prompt.AddMessage("developer", instructions);
        var input = reader.Find("input");
        if (input is null && reader.Root.TryGetProperty("messages"u8, out _))
            reader.Blame("input", "is required, and messages is a member of another endpoint. Send this body to POST /v1/chat/completions, or write input instead of messages");
        else
            new ItemReader(reader, prompt, names, tools).Read(input);
        var previous = reader.FindText("previous_response_id");
        names.AddReference(previous);
        names.Check(reader);
        RefuseUnbooked(reader);

        var command = context.NewGenerate(ConversationKeys.Find(reader)) with
        {
            Operation = ModelOperation.Responses,
            Model = RequestedModel.Read(reader, context),
            Messages = prompt.Messages,
            Stream = reader.FindFlag("stream"),
            Options = new GenerateOptions { MaxTokens = reader.FindCount("max_output_tokens", int.MaxValue) },
            EndUser = EndUsers.Read(reader),
            Tier = ServiceTierNames.Requested(reader.FindText("service_tier")),
            References = names.References,
            PreviousResponseId = previous,
            CarriedIds = names.Carried,
            ProviderTools = tools.Priced,
            MaxToolCalls = tools.Finish(),
        };
        command = command with
        {
            Extras = prompt.ToExtras(),
            Wire = reader.ToRequest(WireKind.OpenAiResponses),
        };
        tools.Announce(context.Response);
        return command;
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
