using System.Net;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>One HTTP call to a provider: a request out, a reply or a classified failure back.</summary>
internal sealed class OpenAiExchange(string provider, OpenAiClientConnection connection, TimeProvider time)
{
    private readonly ProviderAccountState _account = new(time);
    private readonly OpenAiFailure _failures = new(provider);
    private RateLimitInfo? _rateLimit;

    public ProviderQuotaStatus Account => _account.Read();

    public RateLimitInfo? RateLimit => Volatile.Read(ref _rateLimit);

    public async Task<ProviderAttempt> RunAsync(OpenAiRequestPlan plan, CancellationToken cancellationToken)
    {
        // 1. Send. The headers are waited for, the body is not.
        HttpResponseMessage response;
        try
        {
            response = await connection.SendAsync(plan.NewRequest(), cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return _failures.NoAnswer(failure);
        }

        // 2. Keep what the provider says of our rate.
        if (OpenAiRateLimit.Read(response.Headers, time.GetUtcNow()) is { } told) Volatile.Write(ref _rateLimit, told);

        // 3. Read a failure.
        if (response.StatusCode != HttpStatusCode.OK) return await ReadFailureAsync(response, cancellationToken);

        // 4. Read the reply, or a stream up to its first event.
        var attempt = plan.OpenStream is { } open
            ? await BeginStreamAsync(plan, open(response), cancellationToken)
            : await ReadReplyAsync(plan, response, cancellationToken);

        // 5. A reply shows that our account works.
        if (attempt.Failure is null) _account.MarkOpen();
        return attempt;
    }

    private static async Task<ProviderAttempt> BeginStreamAsync(OpenAiRequestPlan plan, OpenAiStream stream, CancellationToken cancellationToken)
    {
        if (await stream.BeginAsync(cancellationToken) is { } failure) return failure;
        return new ModelReply { Model = stream.Model ?? plan.Model, Chunks = stream };
    }

    private async Task<ProviderAttempt> ReadReplyAsync(OpenAiRequestPlan plan, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var answer = response;
        ReadOnlyMemory<byte>? body;
        try
        {
            body = await ResponseBodyReader.ReadAsync(answer.Content, ResponseBodyReader.MaxReplyBytes, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return _failures.BrokenOff((int)answer.StatusCode, failure);
        }

        if (body is null) return _failures.TooLarge((int)answer.StatusCode);
        return plan.Read(body.Value) is { } reply ? reply : _failures.Malformed((int)answer.StatusCode);
    }

    private async Task<ProviderAttempt> ReadFailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var answer = response;
        var error = OpenAiError.From(await ReadErrorAsync(answer, cancellationToken), connection.ApiKey);
        var failure = _failures.FromStatus((int)answer.StatusCode, error, RetryAfterHeader.Read(answer.Headers, time.GetUtcNow()));
        if (failure.IsAccountExhausted) _account.MarkExhausted();
        return failure;
    }

    // The status is known. A body that breaks off or is too long only costs the provider's message.
    private static async Task<ReadOnlyMemory<byte>> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await ResponseBodyReader.ReadAsync(response.Content, ResponseBodyReader.MaxErrorBytes, cancellationToken);
            return body ?? default;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return default;
        }
    }
}

/// <summary>What one request needs at the provider. Every attempt sends it again.</summary>
/// <param name="Model">The model that is asked; empty for what names none.</param>
/// <param name="NewRequest">Makes the request to send.</param>
/// <param name="Read">Reads a finished reply; null when it is malformed.</param>
internal sealed record OpenAiRequestPlan(string Model, Func<HttpRequestMessage> NewRequest, Func<ReadOnlyMemory<byte>, ModelReply?> Read)
{
    /// <summary>Takes over the reply of a streamed request; null when the reply is not streamed.</summary>
    public Func<HttpResponseMessage, OpenAiStream>? OpenStream { get; init; }
}
