using System.Text.Json;
using AiGateway.Api.Auth;
using AiGateway.Api.OpenAi.Reading;
using AiGateway.Api.Wires;
using AiGateway.Application;
using AiGateway.Application.Generation;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Requests;

namespace AiGateway.Api.OpenAi;

/// <summary>Reads the JSON of <c>POST /v1/chat/completions</c> into the generate command.</summary>
internal static class ChatCompletionReader
{
    private const int MaxChoices = 128;

    public static WireGeneration Read(ReadOnlyMemory<byte> body, HttpContext context)
    {
        using var json = WireBody.Parse(body);
        var reader = new WireReader(body, json.RootElement);
        var prompt = new PromptCollector(reader);
        var defaults = context.RequestServices.GetRequiredService<GatewayDefaults>();
        var tools = new OpenAiToolReader(reader, prompt, defaults.ProviderTools, boundsCalls: false);
        new MemberReader(reader, prompt, tools, defaults).Read(MemberLists.Chat);
        if (reader.Find("tools") is { } offered) tools.ReadOffered(offered);
        ReadMessages(reader, new MessageReader(reader, prompt, new UnknownMembers(reader, prompt, tools)));
        tools.Finish();
        var prediction = reader.Find("prediction")?.GetRawText();
        var wantsUsage = ReadWantsUsage(reader);

        var command = context.NewGenerate(ConversationKeys.Find(reader)) with
        {
            Model = RequestedModel.Read(reader, context),
            Messages = prompt.Messages,
            Stream = reader.FindFlag("stream"),
            Choices = (int)(reader.FindCount("n", MaxChoices) ?? 1),
            Options = new GenerateOptions { MaxTokens = ReadLimit(reader) },
            EndUser = EndUsers.Read(reader),
            Tier = ServiceTierNames.Requested(reader.FindText("service_tier")),
            Extras = prompt.ToExtras(prediction),

            // Last, because it depends on earlier faults.
            Wire = reader.ToRequest(WireKind.OpenAiChat),
        };
        tools.Announce(context.Response);
        return new WireGeneration(command, wantsUsage);
    }

    private static void ReadMessages(WireReader reader, MessageReader each)
    {
        if (reader.Find("messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
        {
            reader.Blame("messages", reader.Root.TryGetProperty("input"u8, out _)
                ? "is required, and input is a member of another endpoint. Send this body to POST /v1/responses, or write messages instead of input"
                : "must be an array of at least one message");
            return;
        }

        var at = 0;
        foreach (var message in messages.EnumerateArray()) each.Read(message, $"messages[{at++}]");
    }

    // Clients use both names. The larger value bounds the reply.
    private static long? ReadLimit(WireReader reader)
    {
        var older = reader.FindCount("max_tokens", int.MaxValue);
        var newer = reader.FindCount("max_completion_tokens", int.MaxValue);
        return older is null || newer is null ? older ?? newer : Math.Max(older.Value, newer.Value);
    }

    private static bool ReadWantsUsage(WireReader reader)
    {
        if (reader.Find("stream_options") is not { } options) return false;
        if (options.ValueKind == JsonValueKind.Object)
            return options.TryGetProperty("include_usage"u8, out var wanted) && wanted.ValueKind == JsonValueKind.True;
        reader.Blame("stream_options", "must be an object");
        return false;
    }
}

/// <summary>A command read from the OpenAI wire.</summary>
/// <param name="Command">The command.</param>
/// <param name="WantsUsage">Whether a stream is to end with a chunk that holds the usage.</param>
internal sealed record WireGeneration(Generate Command, bool WantsUsage);
