using System.Text.Json;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Translation.Replies;
using AiGateway.Application.Translation.ToChat;
using AiGateway.Application.Translation.ToMessages;
using AiGateway.Domain;

namespace AiGateway.Application.Translation;

/// <summary>
/// Translates between OpenAI's chat completions and Anthropic's messages. A request is translated when it is planned, a reply
/// when it comes. The same wire on both sides is never translated: bytes pass through.
/// </summary>
public sealed class WireTranslator(ITokenCounter tokens)
{
    /// <summary>The request of a call in the wire of its target; null: the client sent no JSON, and the adapter writes it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="target">The wire of the provider.</param>
    /// <exception cref="InvalidRequestException">
    /// The wire cannot express the request, or the book says that the model does not accept it. The fault names the member.
    /// </exception>
    public static WireRequest? ToTarget(ModelCall call, WireKind target)
    {
        if (call.Request.Wire is not { } wire)
        {
            if (target == WireKind.AnthropicMessages) NativeRules.Check(call);
            return null;
        }

        if (wire.Kind == target) return wire;
        using var json = JsonDocument.Parse(wire.Body);
        return (wire.Kind, target) switch
        {
            (WireKind.OpenAiChat, WireKind.AnthropicMessages) => WireJson.ToRequest(target, ChatToMessages.Translate(call, json.RootElement)),
            (WireKind.AnthropicMessages, WireKind.OpenAiChat) => WireJson.ToRequest(target, MessagesToChat.Translate(call, json.RootElement)),
            _ => throw new InvalidRequestException(
                "model", $"the provider of the model {call.Model.Model} speaks another API. Use POST /v1/chat/completions, or another model"),
        };
    }

    /// <summary>The reply in the wire of the client. The values that the adapter read stay as they are.</summary>
    /// <param name="provider">The provider that answered.</param>
    /// <param name="call">The call that it answered.</param>
    /// <param name="answer">Its reply.</param>
    /// <exception cref="ProviderException">The reply is malformed; of a stream, the enumerator throws it.</exception>
    public ModelReply ToClient(string provider, ModelCall call, ModelReply answer) =>
        call.Wire is null || call.Request.Wire is not { } wire || wire.Kind == call.Wire.Kind ? answer : Translate(provider, call, wire.Kind, answer);

    private ModelReply Translate(string provider, ModelCall call, WireKind client, ModelReply answer)
    {
        var context = new ReplyContext(call, text => tokens.CountText(call.Model.Model, text));
        var isForChat = client == WireKind.OpenAiChat;
        if (answer.Chunks is { } chunks)
        {
            IEventTranslation translation = isForChat ? new EventsToChunks(context) : new ChunksToEvents(context);
            return answer with { Chunks = new TranslatedChunks(chunks, translation, malformed => Malformed(provider, malformed)) };
        }

        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            return answer with
            {
                Body = isForChat
                    ? MessageToCompletion.Translate(context, json.RootElement, answer.Usage)
                    : CompletionToMessage.Translate(context, json.RootElement, answer.Usage ?? Counted(context, answer)),
            };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw Malformed(provider, malformed);
        }
    }

    private static TokenUsage Counted(ReplyContext context, ModelReply answer) =>
        new(context.Call.Worst.PromptTokens, context.CountText(answer.DeliveredText));

    private static ProviderException Malformed(string provider, Exception malformed) =>
        new(ErrorCode.ProviderFailed, provider, $"The provider {provider} sent a malformed reply.", malformed) { Outcome = AttemptOutcome.Unknown };
}
