using System.Text.Json;
using AiGateway.Api.Errors;
using AiGateway.Api.Rates;
using AiGateway.Api.Streaming;
using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Api.Anthropic;

/// <summary>
/// Writes a streamed message: the provider's named events unchanged. A failure after the first event is one event
/// <c>error</c>. The sign of life is Anthropic's own: an event <c>ping</c>.
/// </summary>
internal sealed class MessageStreamResult(Task<GenerateReply> answering, HttpContext context) : StreamResult(answering)
{
    private static readonly StreamEvent Ping = new("""{"type": "ping"}"""u8.ToArray(), "ping");

    protected override void Begin(GenerateReply reply, HttpResponse response)
    {
        RequestIdHeader.Set(response, reply.Answer);
        RateHeaders.AddAnthropic(response, reply.Rates);
    }

    protected override StreamEvent? ToEvent(ReplyChunk chunk) => new(chunk.Json, chunk.EventType);

    protected override StreamEvent? ToLastEvent(GenerateReply? summary) => null;

    protected override StreamEvent? ToSignOfLife() => Ping;

    protected override StreamEvent ToErrorEvent(AiGatewayException failure) =>
        new(JsonSerializer.SerializeToUtf8Bytes(AnthropicErrors.ToAnthropic(failure, context.TraceIdentifier), AnthropicErrors.Json), "error");
}
