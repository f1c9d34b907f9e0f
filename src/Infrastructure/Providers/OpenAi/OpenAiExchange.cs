using System.Net;
using AiGateway.Application.Generation;
using AiGateway.Application.Quotas;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>One attempt: sends a request and returns an answer or a classified failure.</summary>
internal sealed class OpenAiExchange(string provider, OpenAiConnection connection, TimeProvider time)
{
    private readonly AccountRoom _account = new(time);
    private RateLimitInfo? _rateLimit;

    public OpenAiFailure Failures { get; } = new(provider);

    public ProviderQuotaStatus Account => _account.Read();

    public RateLimitInfo? RateLimit => Volatile.Read(ref _rateLimit);

    /// <param name="send">Sends the request.</param>
    /// <param name="readOk">Reads an answer of status 200, and disposes it.</param>
    /// <param name="work">The argument of both.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<ProviderAttempt> AttemptAsync<TWork>(
        Func<TWork, CancellationToken, Task<HttpResponseMessage>> send,
        Func<TWork, HttpResponseMessage, CancellationToken, Task<ProviderAttempt>> readOk,
        TWork work,
        CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await send(work, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return Failures.NoAnswer(failure);
        }

        if (OpenAiRateLimit.Read(response.Headers, time.GetUtcNow()) is { } told) Volatile.Write(ref _rateLimit, told);
        if (response.StatusCode != HttpStatusCode.OK) return await ReadFailureAsync(response, cancellationToken);
        var attempt = await readOk(work, response, cancellationToken);
        if (attempt.Failure is null) _account.MarkOpen();
        return attempt;
    }

    /// <summary>Reads a finished answer of status 200; <paramref name="read"/> answers null when it is malformed.</summary>
    public async Task<ProviderAttempt> ReadReplyAsync<TWork>(
        HttpResponseMessage response, Func<TWork, ReadOnlyMemory<byte>, ModelReply?> read, TWork work, CancellationToken cancellationToken)
    {
        using var answer = response;
        ReadOnlyMemory<byte>? body;
        try
        {
            body = await ReplyBody.ReadAsync(answer.Content, ReplyBody.MaxReplyBytes, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return Failures.BrokenOff((int)answer.StatusCode, failure);
        }

        if (body is null) return Failures.TooLarge((int)answer.StatusCode);
        return read(work, body.Value) is { } reply ? reply : Failures.Malformed((int)answer.StatusCode);
    }

    private async Task<ProviderAttempt> ReadFailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var answer = response;
        var error = OpenAiError.From(await ReadErrorAsync(answer, cancellationToken), connection.ApiKey);
        var failure = Failures.FromStatus((int)answer.StatusCode, error, RetryAfter.Read(answer.Headers, time.GetUtcNow()));
        if (failure.IsAccountExhausted) _account.MarkExhausted();
        return failure;
    }

    // The status is known. A body that breaks off or is too long only costs the provider's message.
    private static async Task<ReadOnlyMemory<byte>> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await ReplyBody.ReadAsync(response.Content, ReplyBody.MaxErrorBytes, cancellationToken);
            return body ?? default;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return default;
        }
    }
}
