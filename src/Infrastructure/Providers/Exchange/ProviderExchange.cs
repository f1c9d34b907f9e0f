using System.Net;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Http;
using AiGateway.Infrastructure.Providers.Targets;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>One HTTP call to a provider: a request out, a reply or a classified failure back. It serves every wire.</summary>
internal sealed class ProviderExchange(IProviderConnection connection, ErrorRules rules, TimeProvider time)
{
    private readonly string _provider = connection.Account.Name;
    private readonly ProviderAccountState _account = new(time);
    private RateLimitInfo? _rateLimit;

    /// <summary>Writes large requests apart from the threads of all others; null: they are written where the call is made.</summary>
    public LargeRequests? Large { get; set; }

    /// <summary>Classifies what goes wrong at this account.</summary>
    public ProviderFailures Failures { get; } = new(connection.Account.Name, rules);

    public ProviderQuotaStatus Account => _account.Read();

    public RateLimitInfo? RateLimit => Volatile.Read(ref _rateLimit);

    /// <summary>
    /// Makes one call. A refusal of a member that the gateway chose is followed by one more call without it, which is an
    /// attempt of its own.
    /// </summary>
    /// <param name="plan">The call.</param>
    /// <param name="rates">Counts the further attempt. The first one is counted already.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ProviderAttempt> RunAsync(ExchangePlan plan, RateCapacity rates, CancellationToken cancellationToken) =>
        Large is not null && plan.Call is { } call && LargeRequests.IsLarge(call.Request)
            ? RunLargeAsync(plan, rates, Large, cancellationToken)
            : TryAsync(plan, plan.NewRequest(), rates, cancellationToken);

    private async Task<ProviderAttempt> RunLargeAsync(
        ExchangePlan plan, RateCapacity rates, LargeRequests large, CancellationToken cancellationToken) =>
        await TryAsync(plan, await large.RunAsync(plan.NewRequest, cancellationToken), rates, cancellationToken);

    /// <param name="plan">The call.</param>
    /// <param name="request">What is sent.</param>
    /// <param name="correcting">Counts a further attempt with a corrected request; null: none is made.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    private async Task<ProviderAttempt> TryAsync(
        ExchangePlan plan, PreparedRequest request, RateCapacity? correcting, CancellationToken cancellationToken)
    {
        // 1. Send. The headers are waited for, the body is not.
        HttpResponseMessage response;
        try
        {
            response = await connection.SendAsync(request.Message, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && ProviderFailures.IsOfTheConnection(failure))
        {
            return Failures.NoAnswer(failure);
        }

        // 2. Keep what the provider says of our rate.
        if (RateLimitHeaders.Read(response.Headers, time.GetUtcNow()) is { } told) Volatile.Write(ref _rateLimit, told);

        // 3. Read a failure.
        ProviderErrorBody? refusal = null;
        ProviderAttempt attempt;
        var providerId = RequestIdIn(response, plan.Endpoint);
        if (response.StatusCode != HttpStatusCode.OK) (attempt, refusal) = await ReadFailureAsync(response, cancellationToken);

        // 4. Read the reply, or a stream up to its first event.
        else if (plan.Stream is { } stream) attempt = await BeginStreamAsync(plan, stream, response, cancellationToken);
        else attempt = await ReadReplyAsync(plan, response, cancellationToken);
        if (providerId is not null && attempt.Reply is { } reply) attempt = reply with { ProviderRequestId = providerId };

        // 5. A reply shows that our account works.
        if (attempt.Failure is null) _account.MarkOpen();
        else if (attempt.Failure.IsAccountExhausted) _account.MarkExhausted();

        // 6. Correct what was refused, once.
        return refusal is not null && correcting is not null
            ? await CorrectAsync(plan, request, attempt, refusal, correcting, cancellationToken)
            : attempt;
    }

    private async Task<ProviderAttempt> CorrectAsync(
        ExchangePlan plan, PreparedRequest request, ProviderAttempt refused, ProviderErrorBody refusal, RateCapacity rates,
        CancellationToken cancellationToken)
    {
        if (refused.Failure is not { } failure || plan.Call is not { } call) return refused;
        if (request.Correct?.Invoke(failure.Exception.ProviderStatus, refusal) is not { } corrected) return refused;
        if (!await MayTryAgainAsync(call, rates)) return refused;
        var attempt = await TryAsync(plan, corrected, correcting: null, cancellationToken);
        if (attempt.Failure is null) corrected.OnAccepted?.Invoke();
        return attempt;
    }

    private static string? RequestIdIn(HttpResponseMessage response, WireEndpoint? endpoint) =>
        endpoint?.RequestIdHeader is { } name && response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private async Task<ProviderAttempt> BeginStreamAsync(
        ExchangePlan plan, ReplyStreamPlan streamed, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Stream body;
        try
        {
            body = ReplyContent.Open(response.Content);
        }
        catch (InvalidDataException unknown)
        {
            response.Dispose();
            return Failures.BrokenOff((int)response.StatusCode, unknown);
        }

        var stream = new ReplyStream(streamed, response, body, plan.CallerToken);
        if (await stream.BeginAsync(cancellationToken) is { } failure) return failure;
        if (stream.PlainBody is not { } plain) return new ModelReply { Model = stream.Model ?? plan.Model, Chunks = stream };

        // The server ignores "stream": true. What it generated is handed out as a stream.
        var attempt = ReadBody(plan, plain, (int)response.StatusCode);
        if (attempt.Reply is not { } reply) return attempt;
        var endpoint = streamed.Endpoint;
        return new ModelReply { Model = reply.Model, Chunks = new FinishedStream(endpoint.ToEvents(reply.Body), endpoint.NewEventReader(), streamed.Usage) };
    }

    private async Task<ProviderAttempt> ReadReplyAsync(
        ExchangePlan plan, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var answer = response;
        var status = (int)answer.StatusCode;
        try
        {
            var body = await ResponseBodyReader.ReadAsync(answer.Content, ResponseBodyReader.MaxReplyBytes, cancellationToken);
            if (body is null) return Failures.TooLarge(status);
            if (!EventPayload.BeginsStream(body.Value.Span) || plan.Endpoint is not { } endpoint) return ReadBody(plan, body.Value, status);

            // The server streams though it was not asked to.
            var (whole, failure) = await new StreamedBody(Failures, endpoint, connection.ApiKey, status).ReadAsync(body.Value, cancellationToken);
            return failure is not null ? failure : ReadBody(plan, whole, status);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && ProviderFailures.IsOfTheConnection(failure))
        {
            return Failures.BrokenOff(status, failure);
        }
    }

    private ProviderAttempt ReadBody(ExchangePlan plan, ReadOnlyMemory<byte> body, int status)
    {
        if (plan.Endpoint?.RepairReply is { } repair) body = repair(body);
        if (plan.Read(body) is { } reply) return reply;
        if (ProviderErrorBody.InReply(body, connection.ApiKey) is not { } error) return Failures.Malformed(status);

        // What was generated before the error is billed.
        var usage = plan.Endpoint?.UsageOf(body) is { CompletionTokens: > 0 } told ? told : (TokenUsage?)null;
        if (usage is { } billed && plan.Call is { Attempts: { UnderWay: { } call } attempts })
            attempts.End(AttemptOutcome.Unknown, Charge.OfUsage(call, billed, call.HeldTier, time.GetUtcNow()));
        return Failures.InReply(error, RateLimitHeaders.ParseDuration(error.RetryDelay), usage is not null || plan.Endpoint?.TextOf(body).Length > 0);
    }

    private async Task<(ProviderFailure Failure, ProviderErrorBody Error)> ReadFailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var answer = response;
        var error = ProviderErrorBody.From(await ReadErrorAsync(answer, cancellationToken), connection.ApiKey);
        var retryAfter = RetryAfterHeader.Read(answer.Headers, time.GetUtcNow()) ?? RateLimitHeaders.ParseDuration(error.RetryDelay);
        return (Failures.FromStatus((int)answer.StatusCode, error, retryAfter), error);
    }

    // The status is known. A body that breaks off or is too long only costs the provider's message.
    private static async Task<ReadOnlyMemory<byte>> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await ResponseBodyReader.ReadAsync(response.Content, ResponseBodyReader.MaxErrorBytes, cancellationToken);
            return body ?? default;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && ProviderFailures.IsOfTheConnection(failure))
        {
            return default;
        }
    }

    // The refused call is free. The next one needs a hold like every attempt.
    private async ValueTask<bool> MayTryAgainAsync(ModelCall call, RateCapacity rates)
    {
        call.Attempts?.Fail(AttemptOutcome.Refused);
        if (call.Attempts is { } attempts && !await attempts.MayTryAsync(call)) return false;
        rates.Begin(_provider, call);
        return true;
    }
}
