using AiGateway.Application.Generation;
using AiGateway.Application.Quotas;
using AiGateway.Infrastructure.Providers.OpenAi.Transport;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>One attempt at the wire: a request out, an answer or a classified failure back.</summary>
internal sealed class OpenAiExchange(string provider, OpenAiConnection connection, TimeProvider time)
{
    private readonly AccountRoom _account = new(time);
    private RateLimitInfo? _rateLimit;

    public OpenAiFailure Failures { get; } = new(provider);

    public ProviderQuotaStatus Account => _account.Read();

    public RateLimitInfo? RateLimit => Volatile.Read(ref _rateLimit);

    /// <param name="send">Sends the request.</param>
    /// <param name="readOk">Reads an answer of status 200; the answer is its own to dispose.</param>
    /// <param name="work">What both need.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<ProviderAttempt> AttemptAsync<TWork>(
        Func<TWork, CancellationToken, Task<WireTransportResponse>> send,
        Func<TWork, WireTransportResponse, CancellationToken, Task<ProviderAttempt>> readOk,
        TWork work,
        CancellationToken cancellationToken)
    {
        WireTransportResponse response;
        try
        {
            response = await send(work, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return Failures.NoAnswer(failure);
        }

        if (OpenAiRateLimit.Read(response.Fields, time.GetUtcNow()) is { } told) Volatile.Write(ref _rateLimit, told);
        if (response.Status != 200) return await ReadFailureAsync(response, cancellationToken);
        var attempt = await readOk(work, response, cancellationToken);
        if (attempt.Failure is null) _account.MarkOpen();
        return attempt;
    }

    /// <summary>Reads a finished answer of status 200; <paramref name="read"/> answers null when it is malformed.</summary>
    public async Task<ProviderAttempt> ReadReplyAsync<TWork>(
        WireTransportResponse response, Func<TWork, ReadOnlyMemory<byte>, ModelReply?> read, TWork work, CancellationToken cancellationToken)
    {
        using var answer = response;
        ReadOnlyMemory<byte>? body;
        try
        {
            body = await ReplyBody.ReadAsync(answer.ContentStream!, answer.StatedLength, ReplyBody.MaxReplyBytes, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return Failures.BrokenOff(answer.Status, failure);
        }

        if (body is null) return Failures.TooLarge(answer.Status);
        return read(work, body.Value) is { } reply ? reply : Failures.Malformed(answer.Status);
    }

    private async Task<ProviderAttempt> ReadFailureAsync(WireTransportResponse response, CancellationToken cancellationToken)
    {
        using var answer = response;
        var error = OpenAiError.From(await ReadErrorAsync(answer, cancellationToken), connection.ApiKey);
        var failure = Failures.FromStatus(answer.Status, error, RetryAfter.Read(answer.Fields, time.GetUtcNow()));
        if (failure.IsAccountExhausted) _account.MarkExhausted();
        return failure;
    }

    // The status is known: a body that breaks off or is too long only loses the provider's words.
    private static async Task<ReadOnlyMemory<byte>> ReadErrorAsync(WireTransportResponse response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await ReplyBody.ReadAsync(response.ContentStream!, response.StatedLength, ReplyBody.MaxErrorBytes, cancellationToken);
            return body ?? default;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return default;
        }
    }
}
