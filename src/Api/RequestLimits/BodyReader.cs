using System.Buffers;
using System.IO.Pipelines;
using AiGateway.Domain;
using ZstdSharp;

namespace AiGateway.Api.RequestLimits;

/// <summary>
/// Reads a whole request body within its bounds: size after decompression, time, and memory of the user and of all. The
/// endpoint finds it in <see cref="AdmittedRequest.Body"/> and as the request's body stream.
/// </summary>
internal sealed class BodyReader(RequestBounds bounds, BodyDeadlines deadlines)
{
    private const int ChunkBytes = 32 * 1024;

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, AdmittedRequest owner)
    {
        var request = context.Request;
        var coding = BodyCoding.Of(request);
        var body = new GrowingBody(owner, bounds.MaxBodyBytes, coding == BodyCoding.Plain ? request.ContentLength : null);
        if (coding == BodyCoding.Plain) await ReadPlainAsync(request.BodyReader, body, context);
        else await ReadPackedAsync(request, coding, body, context);
        owner.TakeTexts();
        var bytes = body.ToBytes();
        request.Body = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        return bytes;
    }

    private async ValueTask ReadPlainAsync(PipeReader reader, GrowingBody body, HttpContext context)
    {
        BodyDeadline? deadline = null;
        var (isInTime, turn) = (true, new ReadingTurn());
        try
        {
            while (true)
            {
                var pending = reader.ReadAsync(context.RequestAborted);

                // Most bodies have arrived already: only a read that waits needs a deadline.
                if (!pending.IsCompletedSuccessfully) deadline ??= deadlines.Start(reader);
                var read = await pending;
                if (read.IsCanceled) throw Late();
                try
                {
                    body.Append(read.Buffer, read.IsCompleted);
                }
                finally
                {
                    // After a refusal Kestrel reads the rest of the body, which fails while a read is pending.
                    reader.AdvanceTo(read.Buffer.End);
                }

                if (read.IsCompleted) break;
                if (turn.IsOver(body.Length)) await ReadingTurn.NextAsync();
            }
        }
        finally
        {
            isInTime = deadline?.TryEnd() ?? true;
            if (!isInTime) CloseAfterwards(context);
        }

        if (!isInTime) throw Late();
    }

    private async ValueTask ReadPackedAsync(HttpRequest request, BodyCoding coding, GrowingBody body, HttpContext context)
    {
        var deadline = deadlines.Start(request.BodyReader);
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var (isInTime, turn) = (true, new ReadingTurn());
        try
        {
            await using var unpacked = coding.Unpack(request.Body);
            int count;
            while ((count = await unpacked.ReadAsync(chunk, context.RequestAborted)) > 0)
            {
                body.Append(new ReadOnlySequence<byte>(chunk, 0, count), isLast: false);
                if (turn.IsOver(body.Length)) await ReadingTurn.NextAsync();
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw Late();
        }
        catch (Exception malformed) when (malformed is InvalidDataException or InvalidOperationException or EndOfStreamException or ZstdException)
        {
            throw new InvalidRequestException("", $"The body is not valid {coding.Name}.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
            isInTime = deadline.TryEnd();
            if (!isInTime) CloseAfterwards(context);
        }

        if (!isInTime) throw Late();
    }

    // Otherwise a read cancelled at the very end of a body would take bytes of the next request on the connection.
    private static void CloseAfterwards(HttpContext context) => context.Response.Headers.Connection = "close";

    private AiGatewayException Late() => new(
        ErrorCode.RequestTimeout,
        $"The request body did not arrive within {bounds.BodyTimeout.TotalMilliseconds:0} ms. The request was not sent to a provider. Send it again, with less or over a faster connection.");
}
