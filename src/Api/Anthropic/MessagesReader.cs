using System.Text;
using System.Text.Json;
using AiGateway.Api.Anthropic.Reading;
using AiGateway.Api.Auth;
using AiGateway.Api.Errors;
using AiGateway.Api.Wires;
using AiGateway.Application;
using AiGateway.Application.Generation;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Api.Anthropic;

/// <summary>Reads the JSON of <c>POST /v1/messages</c> into the generate command.</summary>
internal static class MessagesReader
{
    /// <summary>Headers that belong to the wire and are sent on as they came.</summary>
    private static readonly string[] ForwardedHeaders = ["anthropic-version", "anthropic-beta"];

    /// <param name="body">The body.</param>
    /// <param name="context">The request.</param>
    /// <param name="isCount">Whether the message is only counted: it then needs no output limit.</param>
    public static Generate Read(ReadOnlyMemory<byte> body, HttpContext context, bool isCount = false)
    {
        using var json = WireBody.Parse(body);
        var reader = new WireReader(body, json.RootElement);
        var prompt = new PromptCollector(reader);
        var defaults = context.RequestServices.GetRequiredService<GatewayDefaults>();
        var tools = new AnthropicToolReader(reader, prompt, defaults.ProviderTools);
        new MemberReader(reader, prompt, tools, defaults).Read(AnthropicMembers.All);
        if (reader.Find("tools") is { } offered) tools.ReadOffered(offered);
        ReadPrompt(reader, prompt, tools);
        if (reader.Find(AnthropicErrors.ThreadMember) is not null)
            reader.Blame(AnthropicErrors.ThreadMember, "is not supported: the size and the owner of a stored conversation are unknown. Send all its messages");

        var user = MessageUser.Read(reader);
        var command = context.NewGenerate(user.Session) with
        {
            Model = reader.FindText("model"),
            Messages = prompt.Messages,
            Stream = reader.FindFlag("stream"),
            Options = new GenerateOptions { MaxTokens = ReadLimit(reader, isCount) },
            EndUser = user.EndUser,
            Tier = TierOf(reader.FindText("service_tier")),
            Surcharges = ReadSpeed(reader) | ReadGeography(reader),
            MaxToolCalls = tools.Finish(),
            ProviderTools = tools.Priced,
        };
        command = command with
        {
            Extras = prompt.ToExtras(),
            Wire = reader.ToRequest(WireKind.AnthropicMessages) with { Headers = HeadersOf(context.Request.Headers) },
        };
        tools.Announce(context.Response);
        return command;
    }

    private static void ReadPrompt(WireReader reader, PromptCollector prompt, AnthropicToolReader tools)
    {
        var unknown = new UnknownMembers(reader, prompt, tools);
        var blocks = new BlockReader(reader, prompt, unknown, tools);
        if (reader.Find("system") is { } system) prompt.AddMessage("system", blocks.ReadContent(system, "system"));
        if (reader.Find("messages") is { ValueKind: JsonValueKind.Array } messages && messages.GetArrayLength() > 0)
        {
            var at = 0;
            foreach (var message in messages.EnumerateArray()) ReadMessage(message, $"messages[{at++}]");
        }
        else
        {
            reader.Blame("messages", "must be an array of at least one message");
        }

        tools.HoldReferences();

        void ReadMessage(JsonElement message, string field)
        {
            if (message.ValueKind != JsonValueKind.Object)
            {
                reader.Blame(field, "must be an object");
                return;
            }

            string? role = null;
            var content = "";
            foreach (var member in message.EnumerateObject())
            {
                if (member.NameEquals("role"u8) && member.Value.ValueKind == JsonValueKind.String) role = reader.TextOf(member.Value, $"{field}.role");
                else if (member.NameEquals("content"u8)) content = blocks.ReadContent(member.Value, $"{field}.content");
                else if (member.Value.ValueKind != JsonValueKind.Null) unknown.Read(member, field);
            }

            if (role is null) reader.Blame($"{field}.role", "is required, as a string");
            prompt.AddMessage(role ?? "", content);
        }
    }

    // Zero only fills the provider's cache.
    private static long? ReadLimit(WireReader reader, bool isCount)
    {
        var limit = reader.FindCount("max_tokens", int.MaxValue, least: 0);
        if (!isCount && reader.Root.Find("max_tokens"u8) is null) reader.Blame("max_tokens", "is required");
        return limit;
    }

    // Without the member the provider chooses.
    private static ServiceTier TierOf(string? name) => name == "standard_only" ? ServiceTier.Standard : ServiceTier.Auto;

    private static Surcharges ReadSpeed(WireReader reader)
    {
        switch (reader.FindText("speed"))
        {
            case null or "standard":
                return Surcharges.None;
            case "fast":
                return Surcharges.Fast;
            default:
                reader.Blame("speed", "must be standard or fast: the price book has no price for another speed");
                return Surcharges.None;
        }
    }

    private static Surcharges ReadGeography(WireReader reader)
    {
        switch (reader.FindText("inference_geo"))
        {
            case null or "global":
                return Surcharges.None;
            case "us":
                return Surcharges.UsGeography;
            default:
                reader.Blame("inference_geo", "must be global or us: the price book has no price for another geography");
                return Surcharges.None;
        }
    }

    private static List<KeyValuePair<string, string>> HeadersOf(IHeaderDictionary headers)
    {
        var forwarded = new List<KeyValuePair<string, string>>(ForwardedHeaders.Length);
        foreach (var name in ForwardedHeaders)
        {
            if (headers[name].ToString() is not { Length: > 0 } value) continue;
            if (!Ascii.IsValid(value)) throw new InvalidRequestException(name, "must be plain ASCII. Correct the header");
            forwarded.Add(new(name, value));
        }

        return forwarded;
    }
}
