using System.Text.Json;
using AiGateway.Api.Errors;
using AiGateway.Api.Rates;
using AiGateway.Api.Streaming;
using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Api.OpenAi;

/// <summary>
/// A streamed chat completion on the wire: the provider's chunks as they came, then <c>[DONE]</c>. A failure after the
/// first chunk is one event with an <c>error</c>, and no <c>[DONE]</c>.
/// </summary>
internal sealed class ChatCompletionStreamResult(Task<GenerateReply> answering, bool wantsUsage) : StreamResult(answering)
{
    private static readonly byte[] Done = "[DONE]"u8.ToArray();

    protected override void Begin(GenerateReply reply, HttpResponse response) => RateHeaders.AddOpenAi(response, reply.Rates);

    protected override StreamEvent? ToEvent(ReplyChunk chunk)
    {
        if (wantsUsage) return new(chunk.Json);
        return chunk.IsUsageOnly ? null : new(UsageMember.Strip(chunk.Json));
    }

    protected override StreamEvent? ToLastEvent(GenerateReply? summary) => new(Done);

    protected override StreamEvent ToErrorEvent(AiGatewayException failure) => new(JsonSerializer.SerializeToUtf8Bytes(OpenAiErrors.ToOpenAi(failure)));
}
