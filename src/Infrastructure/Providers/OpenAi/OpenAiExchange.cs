using System.Net;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>One HTTP call to a provider: a request out, a reply or a classified failure back.</summary>
internal sealed class OpenAiExchange(string provider, OpenAiClientConnection connection, TimeProvider time)
{
    private readonly ProviderAccountState _account = new(time);
    private readonly LearnedProfile _learned = new(connection.Account.Profile);
    private readonly OpenAiFailure _failures = new(provider);
    private RateLimitInfo? _rateLimit;

    public ProviderQuotaStatus Account => _account.Read();

    public IReadOnlyList<string> Learned => _learned.Describe();

    public RateLimitInfo? RateLimit => Volatile.Read(ref _rateLimit);

    /// <summary>
    /// Makes one call. A refusal of a member that the gateway chose is followed by one more call without it, which is an
    /// attempt of its own.
    /// </summary>
    public async Task<ProviderAttempt> RunAsync(OpenAiRequestPlan plan, CancellationToken cancellationToken)
    {
        var profile = _learned.For(plan.Model);
        var (attempt, error) = await TryAsync(plan, profile, cancellationToken);
        if (attempt.Failure is not { } refused || error is null || plan.Call is not { } call) return attempt;
        if (LearnedProfile.Correct(call, profile, refused.Exception.ProviderStatus, error) is not { } corrected) return attempt;
        if (!await MayTryAgainAsync(call)) return attempt;
        (attempt, _) = await TryAsync(plan, corrected, cancellationToken);
        if (attempt.Failure is null) _learned.Remember(plan.Model, corrected);
        return attempt;
    }

    private async Task<(ProviderAttempt Attempt, OpenAiError? Refusal)> TryAsync(
        OpenAiRequestPlan plan, OpenAiProfile profile, CancellationToken cancellationToken)
    {
        // 1. Send. The headers are waited for, the body is not.
        HttpResponseMessage response;
        try
        {
            response = await connection.SendAsync(plan.NewRequest(profile), cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return (_failures.NoAnswer(failure), null);
        }

        // 2. Keep what the provider says of our rate.
        if (OpenAiRateLimit.Read(response.Headers, time.GetUtcNow()) is { } told) Volatile.Write(ref _rateLimit, told);

        // 3. Read a failure.
        OpenAiError? refusal = null;
        ProviderAttempt attempt;
        if (response.StatusCode != HttpStatusCode.OK) (attempt, refusal) = await ReadFailureAsync(response, cancellationToken);

        // 4. Read the reply, or a stream up to its first event.
        else if (plan.Stream is { } stream) attempt = await BeginStreamAsync(plan, stream with { Profile = profile }, response, cancellationToken);
        else attempt = await ReadReplyAsync(plan, profile, response, cancellationToken);

        // 5. A reply shows that our account works.
        if (attempt.Failure is null) _account.MarkOpen();
        else if (attempt.Failure.IsAccountExhausted) _account.MarkExhausted();
        return (attempt, refusal);
    }

    private async Task<ProviderAttempt> BeginStreamAsync(
        OpenAiRequestPlan plan, OpenAiStreamPlan streamed, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Stream body;
        try
        {
            body = ReplyContent.Open(response.Content);
        }
        catch (InvalidDataException unknown)
        {
            response.Dispose();
            return _failures.BrokenOff((int)response.StatusCode, unknown);
        }

        var stream = new OpenAiStream(streamed, response, body, plan.CallerToken);
        if (await stream.BeginAsync(cancellationToken) is { } failure) return failure;
        if (stream.PlainBody is not { } plain) return new ModelReply { Model = stream.Model ?? plan.Model, Chunks = stream };

        // The server ignores "stream": true. What it generated is handed out as a stream.
        var attempt = ReadBody(plan, streamed.Profile, plain, (int)response.StatusCode);
        if (attempt.Reply is not { } reply || plan.Endpoint is not { } endpoint) return attempt;
        return new ModelReply { Model = reply.Model, Chunks = new FinishedStream(endpoint.ToEvents(reply.Body), endpoint.ReadEvent, streamed.Usage) };
    }

    private async Task<ProviderAttempt> ReadReplyAsync(
        OpenAiRequestPlan plan, OpenAiProfile profile, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var answer = response;
        var status = (int)answer.StatusCode;
        try
        {
            var body = await ResponseBodyReader.ReadAsync(answer.Content, ResponseBodyReader.MaxReplyBytes, cancellationToken);
            if (body is null) return _failures.TooLarge(status);
            if (!EventPayload.BeginsStream(body.Value.Span) || plan.Endpoint is not { } endpoint) return ReadBody(plan, profile, body.Value, status);

            // The server streams though it was not asked to.
            var (whole, failure) = await new StreamedBody(_failures, endpoint, connection.ApiKey, status).ReadAsync(body.Value, cancellationToken);
            return failure is not null ? failure : ReadBody(plan, profile, whole, status);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return _failures.BrokenOff(status, failure);
        }
    }

    private ProviderAttempt ReadBody(OpenAiRequestPlan plan, OpenAiProfile profile, ReadOnlyMemory<byte> body, int status)
    {
        if (profile.RepairsFinishReason) body = FinishReasonRepair.OfReply(body);
        if (plan.Read(body) is { } reply) return reply;
        if (OpenAiError.InReply(body, connection.ApiKey) is not { } error) return _failures.Malformed(status);

        // What was generated before the error is billed.
        var usage = OpenAiReply.UsageOf(body) is { CompletionTokens: > 0 } told ? told : (TokenUsage?)null;
        if (usage is { } billed && plan.Call is { Attempts: { UnderWay: { } call } attempts })
            attempts.End(AttemptOutcome.Unknown, Charge.OfUsage(call, billed, call.HeldTier, time.GetUtcNow()));
        return _failures.InReply(error, OpenAiRateLimit.ParseDuration(error.RetryDelay), usage is not null || OpenAiReply.TextOf(body).Length > 0);
    }

    private async Task<(ProviderFailure Failure, OpenAiError Error)> ReadFailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var answer = response;
        var error = OpenAiError.From(await ReadErrorAsync(answer, cancellationToken), connection.ApiKey);
        var retryAfter = RetryAfterHeader.Read(answer.Headers, time.GetUtcNow()) ?? OpenAiRateLimit.ParseDuration(error.RetryDelay);
        return (_failures.FromStatus((int)answer.StatusCode, error, retryAfter), error);
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

    // The refused call is free. The next one needs a hold like every attempt.
    private async ValueTask<bool> MayTryAgainAsync(ModelCall call)
    {
        if (call.Attempts is not { } attempts) return true;
        attempts.Fail(AttemptOutcome.Refused);
        if (!await attempts.MayTryAsync(call)) return false;
        attempts.Begin(provider, call);
        return true;
    }
}

/// <summary>What one request needs at the provider. Every attempt sends it again.</summary>
/// <param name="Model">The model that is asked; empty for what names none.</param>
/// <param name="NewRequest">Makes the request to send, for a server with this profile.</param>
/// <param name="Read">Reads a finished reply; null when it is malformed or an error.</param>
internal sealed record OpenAiRequestPlan(string Model, Func<OpenAiProfile, HttpRequestMessage> NewRequest, Func<ReadOnlyMemory<byte>, ModelReply?> Read)
{
    /// <summary>The call that is paid for; null for what is free.</summary>
    public ModelCall? Call { get; init; }

    /// <summary>The endpoint of a call to generate; null for others.</summary>
    public OpenAiEndpoint? Endpoint { get; init; }

    /// <summary>What a streamed reply needs to know; null when the request is not streamed.</summary>
    public OpenAiStreamPlan? Stream { get; init; }

    /// <summary>Cancelled when the caller leaves. It outlives the token of an attempt: a stream is read on with it.</summary>
    public CancellationToken CallerToken { get; init; }
}
