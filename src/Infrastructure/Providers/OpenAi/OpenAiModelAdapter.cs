using System.ClientModel.Primitives;
using AiGateway.Application.Generation;
using AiGateway.Application.Health;
using AiGateway.Application.Ports;
using AiGateway.Application.Quotas;
using AiGateway.Domain;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>OpenAI, any server that speaks its wire, or an Azure OpenAI resource.</summary>
internal sealed partial class OpenAiModelAdapter(
    string name,
    OpenAiConnection connection,
    ProviderSettings settings,
    IPriceBook prices,
    ITokenCounter tokens,
    TimeProvider time,
    ILogger<OpenAiModelAdapter> logger) : IModelAdapter, IDisposable
{
    public const string OpenAi = "openai";
    public const string Azure = "azure-openai";

    private readonly ProviderPipeline _pipeline = new(name, settings, time);
    private readonly OpenAiFailure _failures = new(name);
    private readonly OpenAiHealth _health = new(name, connection, time);
    private readonly AccountRoom _account = new(time);
    private RateLimitInfo? _rateLimit;

    public string Name => name;

    public async Task<ModelReply> GenerateAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var outcome = await _pipeline.RunAsync(
            static (work, token) => work.Adapter.AttemptAsync(work, token),
            new Work(this, call, OpenAiRequest.ToChatCompletion(call), cancellationToken),
            cancellationToken);
        if (outcome.Reply is { } reply) return reply;

        var failure = outcome.Failure!;
        Log.Failed(logger, call.Request.RequestId, name, failure.Code.ToName(), failure.ProviderStatus, outcome.Attempts);
        throw failure;
    }

    public Task<HealthStatus> CheckHealthAsync(CancellationToken cancellationToken) => _health.CheckAsync(cancellationToken);

    public CostEstimate EstimateCost(ModelCall call) => CallEstimate.Of(call, tokens);

    public ProviderQuotaStatus CheckQuota() => _account.Read();

    public RateLimitInfo? GetRateLimit() => Volatile.Read(ref _rateLimit);

    public PricedModel? FindModel(string model) => prices.Find(name, model);

    public void Dispose() => connection.Dispose();

    private async Task<ProviderAttempt> AttemptAsync(Work work, CancellationToken cancellationToken)
    {
        PipelineResponse response;
        try
        {
            response = await connection.PostChatAsync(work.Call.Model.Model, work.Body, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return _failures.NoAnswer(failure);
        }

        NoteRateLimit(response);
        if (response.Status is 200 && work.Call.Request.Stream) return await BeginStreamAsync(work, response, cancellationToken);
        using (response)
        {
            return response.Status is 200
                ? await ReadReplyAsync(work.Call, response, cancellationToken)
                : await ReadFailureAsync(response, cancellationToken);
        }
    }

    private async Task<ProviderAttempt> BeginStreamAsync(Work work, PipelineResponse response, CancellationToken cancellationToken)
    {
        var requestId = work.Call.Request.RequestId;
        var stream = new OpenAiStream(
            name,
            response,
            settings.StreamIdleTimeout,
            time,
            failure => Log.StreamFailed(logger, requestId, name, failure.Code.ToName()),
            work.CallerToken);
        if (await stream.BeginAsync(cancellationToken) is { } failure) return failure;
        _account.MarkOpen();
        return new ModelReply { Model = stream.Model ?? work.Call.Model.Model, Chunks = stream };
    }

    private async Task<ProviderAttempt> ReadReplyAsync(ModelCall call, PipelineResponse response, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? body;
        try
        {
            body = await ReplyBody.ReadAsync(
                response.ContentStream!, OpenAiConnection.StatedLength(response), ReplyBody.MaxReplyBytes, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return _failures.BrokenOff(response.Status, failure);
        }

        if (body is null) return _failures.TooLarge(response.Status);
        if (OpenAiReply.FromChatCompletion(body.Value, call.Model.Model) is not { } reply) return _failures.Malformed(response.Status);
        _account.MarkOpen();
        return reply;
    }

    private async Task<ProviderAttempt> ReadFailureAsync(PipelineResponse response, CancellationToken cancellationToken)
    {
        var error = OpenAiError.From(await ReadErrorAsync(response, cancellationToken), connection.ApiKey);
        var failure = _failures.FromStatus(response.Status, error, RetryAfter.Read(response.Headers, time.GetUtcNow()));
        if (failure.IsAccountExhausted) _account.MarkExhausted();
        return failure;
    }

    // The status is known: a body that breaks off or is too long only loses the provider's words.
    private static async Task<ReadOnlyMemory<byte>> ReadErrorAsync(PipelineResponse response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await ReplyBody.ReadAsync(
                response.ContentStream!, OpenAiConnection.StatedLength(response), ReplyBody.MaxErrorBytes, cancellationToken);
            return body ?? default;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OpenAiFailure.IsOfTheConnection(failure))
        {
            return default;
        }
    }

    private void NoteRateLimit(PipelineResponse response)
    {
        if (OpenAiRateLimit.Read(response.Headers, time.GetUtcNow()) is { } told) Volatile.Write(ref _rateLimit, told);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Generation {RequestId}: provider {Provider} ended with {Code}, status {Status}, after {Attempts} attempts")]
        public static partial void Failed(ILogger logger, Guid requestId, string provider, string code, int? status, int attempts);

        [LoggerMessage(2, LogLevel.Warning, "Generation {RequestId}: the stream of provider {Provider} ended with {Code}")]
        public static partial void StreamFailed(ILogger logger, Guid requestId, string provider, string code);
    }

    /// <summary>A call as its attempts need it. The caller's token outlives the attempt's: a stream is read on with it.</summary>
    private sealed record Work(OpenAiModelAdapter Adapter, ModelCall Call, ReadOnlyMemory<byte> Body, CancellationToken CallerToken);
}
