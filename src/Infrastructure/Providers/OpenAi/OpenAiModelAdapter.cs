using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.StoredResponses;
using AiGateway.Domain;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>OpenAI, any server that speaks its wire, or an Azure OpenAI resource.</summary>
internal sealed partial class OpenAiModelAdapter(
    string name,
    OpenAiClientConnection connection,
    ProviderSettings settings,
    IPriceBook prices,
    ITokenCounter tokens,
    TimeProvider time,
    ILogger<OpenAiModelAdapter> logger) : IStoredResponseAdapter, IDisposable
{
    public const string OpenAi = "openai";
    public const string Azure = "azure-openai";

    private readonly ProviderResilience _pipeline = new(name, settings, time);
    private readonly OpenAiExchange _exchange = new(name, connection, time);
    private readonly OpenAiHealth _health = new(name, connection, time);

    public string Name => name;

    public Task<ModelReply> GenerateAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var endpoint = OpenAiEndpoint.Of(call.Request.Operation);
        call = call with { BillsAbortedCalls = connection.Profile.BillsAbortedCalls };
        var plan = new OpenAiRequestPlan(
            call.Model.Model,
            profile => connection.NewRequest(call, endpoint.ToBody(call, profile)),
            reply => UsageCheck.Of(call, connection.Profile, endpoint.ReadReply(reply, call.Model.Model)))
        {
            Call = call,
            Endpoint = endpoint,
            Stream = call.Request.Stream ? ToStreamPlan(call, endpoint) : null,
            CallerToken = cancellationToken,
        };
        var origin = new CallOrigin(call.Request.UserId, call.Model.Model, call.Model.Capabilities.Reasoning) { Paid = call };
        return RunAsync(call.Request.RequestId, origin, plan, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> AskAsync(AskStoredResponse request, CancellationToken cancellationToken)
    {
        var plan = new OpenAiRequestPlan("", _ => connection.NewRequest(request), OpenAiResponse.FromStored);
        var reply = await RunAsync(request.RequestId, new CallOrigin(request.UserId, Model: ""), plan, cancellationToken);
        return reply.Body;
    }

    public Task<HealthStatus> CheckHealthAsync(CancellationToken cancellationToken) => _health.CheckAsync(cancellationToken);

    public CostEstimate EstimateCost(ModelCall call) => CallEstimate.Of(call, tokens);

    public ProviderQuotaStatus CheckQuota() => _exchange.Account;

    public RateLimitInfo? GetRateLimit() => _exchange.RateLimit;

    public bool Supports(ModelOperation operation) => connection.Supports(operation);

    public PricedModel? FindModel(string model) => prices.Find(name, model);

    public void Dispose() => connection.Dispose();

    private async Task<ModelReply> RunAsync(Guid requestId, CallOrigin origin, OpenAiRequestPlan plan, CancellationToken cancellationToken)
    {
        var outcome = await _pipeline.RunAsync(
            origin, static (work, token) => work.Exchange.RunAsync(work.Plan, token), (Exchange: _exchange, Plan: plan), cancellationToken);
        if (outcome.Reply is { } reply) return reply;

        var failure = outcome.Failure!;
        Log.Failed(logger, requestId, name, failure.Code.ToName(), failure.ProviderStatus, outcome.Attempts);
        throw failure;
    }

    private OpenAiStreamPlan ToStreamPlan(ModelCall call, OpenAiEndpoint endpoint)
    {
        var requestId = call.Request.RequestId;
        var timeout = call.Model.Capabilities.Reasoning ? settings.ReasoningTimeout : settings.Timeout;
        return new OpenAiStreamPlan(
            name,
            connection.ApiKey,
            connection.Profile,
            endpoint.ReadEvent,
            new UsageCheck(call, connection.Profile),
            settings.StreamIdleTimeout,
            timeout > settings.StreamIdleTimeout ? timeout : settings.StreamIdleTimeout,
            time,
            failure => Log.StreamFailed(logger, requestId, name, failure.Code.ToName()));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Request {RequestId}: provider {Provider} ended with {Code}, status {Status}, after {Attempts} attempts")]
        public static partial void Failed(ILogger logger, Guid requestId, string provider, string code, int? status, int attempts);

        [LoggerMessage(2, LogLevel.Warning, "Request {RequestId}: the stream of provider {Provider} ended with {Code}")]
        public static partial void StreamFailed(ILogger logger, Guid requestId, string provider, string code);
    }
}
