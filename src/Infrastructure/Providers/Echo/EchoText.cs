using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Echo;

/// <summary>The echoed text of a call, within its output limit.</summary>
internal sealed record EchoText(string Content, long Tokens, string FinishReason)
{
    private const int FirstGuessCharsPerToken = 4;

    public static EchoText To(ModelCall call, ITokenCounter tokens)
    {
        var heard = LastUserText(call.Request.Conversation);
        var whole = call.Request.Options.ResponseFormat is "json" ? EchoReply.ToJsonContent(heard) : $"Echo: {heard}";
        var said = LongestWithin(call.MaxCompletionTokens, whole, text => tokens.CountText(call.Model.Model, text));
        return new EchoText(said, tokens.CountText(call.Model.Model, said), said.Length == whole.Length ? "stop" : "length");
    }

    private static string LastUserText(IReadOnlyList<ChatMessage> conversation)
    {
        for (var i = conversation.Count - 1; i >= 0; i--)
        {
            if (conversation[i].Role == "user") return conversation[i].Content;
        }

        return conversation.Count == 0 ? "" : conversation[^1].Content;
    }

    // Doubles a prefix until it is too long, then halves the gap: the cost follows the limit, not the length of the text.
    private static string LongestWithin(long limit, string text, Func<string, long> count)
    {
        var fits = 0;
        var tooLong = text.Length + 1;
        var next = (int)Math.Min(text.Length, Math.Max(1, limit * FirstGuessCharsPerToken));
        while (tooLong - fits > 1)
        {
            if (count(StorableText.Prefix(text, next)) <= limit) fits = next;
            else tooLong = next;
            next = tooLong > text.Length ? (int)Math.Min(text.Length, next * 2L) : fits + ((tooLong - fits) / 2);
        }

        return StorableText.Prefix(text, fits);
    }
}
