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
    ILogger<OpenAiModelAdapter> logger) : IStoredResponseAdapter, IDisposable
{
    public const string OpenAi = "openai";
    public const string Azure = "azure-openai";

    private readonly ProviderPipeline _pipeline = new(name, settings, time);
    private readonly OpenAiExchange _exchange = new(name, connection, time);
    private readonly OpenAiHealth _health = new(name, connection, time);

    public string Name => name;

    public Task<ModelReply> GenerateAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var endpoint = OpenAiEndpoint.Of(call.Request.Operation);
        var work = new Work(this, call, endpoint, endpoint.ToBody(call, connection.IsOpenAi), cancellationToken);
        var origin = new CallOrigin(call.Request.Caller.UserId, call.Model.Model, call.Model.Capabilities.Reasoning) { Paid = call };
        return RunAsync(call.Request.RequestId, origin, static (work, token) => work.Adapter.AttemptAsync(work, token), work, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> AskAsync(AskStoredResponse request, CancellationToken cancellationToken)
    {
        var origin = new CallOrigin(request.UserId, Model: "");
        var reply = await RunAsync(
            request.RequestId, origin, static (work, token) => work.Adapter.AttemptAsync(work.Request, token), (Adapter: this, Request: request), cancellationToken);
        return reply.Body;
    }

    public Task<HealthStatus> CheckHealthAsync(CancellationToken cancellationToken) => _health.CheckAsync(cancellationToken);

    public CostEstimate EstimateCost(ModelCall call) => CallEstimate.Of(call, tokens);

    public ProviderQuotaStatus CheckQuota() => _exchange.Account;

    public RateLimitInfo? GetRateLimit() => _exchange.RateLimit;

    public bool Takes(ModelOperation operation) => connection.Takes(operation);

    public PricedModel? FindModel(string model) => prices.Find(name, model);

    public void Dispose() => connection.Dispose();

    private async Task<ModelReply> RunAsync<TWork>(
        Guid requestId, CallOrigin origin, Func<TWork, CancellationToken, Task<ProviderAttempt>> attempt, TWork work, CancellationToken cancellationToken)
    {
        var outcome = await _pipeline.RunAsync(origin, attempt, work, cancellationToken);
        if (outcome.Reply is { } reply) return reply;

        var failure = outcome.Failure!;
        Log.Failed(logger, requestId, name, failure.Code.ToName(), failure.ProviderStatus, outcome.Attempts);
        throw failure;
    }

    private Task<ProviderAttempt> AttemptAsync(Work work, CancellationToken cancellationToken) => _exchange.AttemptAsync(
        static (work, token) => work.Adapter.SendAsync(work, token),
        static (work, response, token) => work.Call.Request.Stream
            ? work.Adapter.BeginStreamAsync(work, response, token)
            : work.Adapter._exchange.ReadReplyAsync(
                response, static (work, body) => UsageCheck.Of(work.Call, work.Endpoint.ReadReply(body, work.Call.Model.Model)), work, token),
        work,
        cancellationToken);

    private Task<ProviderAttempt> AttemptAsync(AskStoredResponse request, CancellationToken cancellationToken) => _exchange.AttemptAsync(
        connection.AskResponseAsync,
        (_, response, token) => _exchange.ReadReplyAsync(response, static (_, body) => OpenAiResponse.FromStored(body), request, token),
        request,
        cancellationToken);

    private Task<HttpResponseMessage> SendAsync(Work work, CancellationToken cancellationToken) =>
        connection.PostAsync(work.Call, work.Body, cancellationToken);

    private async Task<ProviderAttempt> BeginStreamAsync(Work work, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var requestId = work.Call.Request.RequestId;
        var stream = new OpenAiStream(
            name,
            response,
            work.Endpoint.ReadEvent,
            new UsageCheck(work.Call),
            settings.StreamIdleTimeout,
            time,
            failure => Log.StreamFailed(logger, requestId, name, failure.Code.ToName()),
            work.CallerToken);
        if (await stream.BeginAsync(cancellationToken) is { } failure) return failure;
        return new ModelReply { Model = stream.Model ?? work.Call.Model.Model, Chunks = stream };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Request {RequestId}: provider {Provider} ended with {Code}, status {Status}, after {Attempts} attempts")]
        public static partial void Failed(ILogger logger, Guid requestId, string provider, string code, int? status, int attempts);

        [LoggerMessage(2, LogLevel.Warning, "Request {RequestId}: the stream of provider {Provider} ended with {Code}")]
        public static partial void StreamFailed(ILogger logger, Guid requestId, string provider, string code);
    }

    /// <summary>
    /// The arguments of the attempts of a call. The caller's token outlives the attempt's token, because a stream is read
    /// with it afterwards.
    /// </summary>
    private sealed record Work(
        OpenAiModelAdapter Adapter, ModelCall Call, OpenAiEndpoint Endpoint, ReadOnlyMemory<byte> Body, CancellationToken CallerToken);
}
