using System.Diagnostics.CodeAnalysis;
using System.Text;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>
/// Removes an impossible usage, so the text is counted instead: more tokens than the model can read and write, or none for a
/// text. A reported cost stays only where the provider bills it. One instance per reply.
/// </summary>
internal sealed class UsageCheck(ModelCall call, WireEndpoint endpoint)
{
    private bool _hasText;

    /// <summary>The reply, without an impossible usage.</summary>
    [return: NotNullIfNotNull(nameof(reply))]
    public static ModelReply? Of(ModelCall call, WireEndpoint endpoint, ModelReply? reply)
    {
        if (reply is { ReportedCostNanoUsd: not null } && !endpoint.ChargesReportedCost) reply = reply with { ReportedCostNanoUsd = null };
        if (reply?.Usage is not { } told) return reply;
        if (call.Request.Operation == ModelOperation.Embeddings)
            return IsPossible(call, told) && told.PromptTokens > 0 ? reply : reply with { Usage = null };
        if (IsPossible(call, told) && !IsSilent(told)) return reply;

        // The text is read only here, because few replies need it.
        var text = reply.DeliveredText.Length > 0 ? reply.DeliveredText : endpoint.TextOf(reply.Body);
        return IsPossible(call, told) && text.Length == 0 ? reply : reply with { Usage = null, DeliveredText = text };
    }

    /// <summary>The next chunk of a stream, without an impossible usage.</summary>
    public ReplyChunk Of(ReplyChunk chunk)
    {
        _hasText |= chunk.Text is { Length: > 0 };
        if (chunk.ReportedCostNanoUsd is not null && !endpoint.ChargesReportedCost) chunk = chunk with { ReportedCostNanoUsd = null };
        if (chunk.PromptUsage is { } prompt && !IsPossible(call, prompt)) chunk = chunk with { PromptUsage = null };
        if (chunk.Usage is not { } told) return chunk;
        return IsPossible(call, told) && !(_hasText && IsSilent(told)) ? chunk : chunk with { Usage = null };
    }

    // A reply with text has both input and output.
    private static bool IsSilent(TokenUsage told) => told.PromptTokens == 0 || told.CompletionTokens == 0;

    private static bool IsPossible(ModelCall call, TokenUsage told) => told.TotalTokens <= MostTokens(call);

    // The provider reads its input once, and once more after each call of a tool that it runs.
    private static long MostTokens(ModelCall call)
    {
        var (request, window) = (call.Request, call.Model.Capabilities.ContextWindow);
        if (request.Operation == ModelOperation.Embeddings) return (window * Math.Max(1, request.Extras.Texts.Count)) + request.Extras.Tokens;
        var predicted = request.Extras.Prediction is { } text ? Encoding.UTF8.GetByteCount(text) : 0;
        return (window + ((call.MaxCompletionTokens + predicted) * request.Choices)) * (1L + (request.MaxToolCalls ?? 0));
    }
}
