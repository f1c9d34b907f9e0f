using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.StoredResponses;
using AiGateway.Domain;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>OpenAI, any server that speaks its wire, or an Azure OpenAI resource.</summary>
internal sealed partial class OpenAiModelAdapter(
    OpenAiClientConnection connection,
    IPriceBook prices,
    ITokenCounter tokens,
    TimeProvider time,
    ILogger<OpenAiModelAdapter> logger) : IStoredResponseAdapter, IDisposable
{
    private readonly ProviderAccount _account = connection.Account;
    private readonly ProviderResilience _pipeline = new(connection.Account.Name, connection.Account.Settings, time);
    private readonly OpenAiExchange _exchange = new(connection.Account.Name, connection, time);
    private readonly OpenAiHealth _health = new(connection.Account.Name, connection, time);

    public string Name => _account.Name;

    public Task<ModelReply> GenerateAsync(ModelCall planned, CancellationToken cancellationToken)
    {
        var call = planned with { Upstream = UpstreamOf(planned.Model.Model), BillsAbortedCalls = _account.Profile.BillsAbortedCalls };
        var endpoint = OpenAiEndpoint.Of(call.Request.Operation);
        var plan = new OpenAiRequestPlan(
            call.Model.Model,
            profile => connection.NewRequest(call, endpoint.ToBody(call, profile)),
            reply => UsageCheck.Of(call, _account.Profile, endpoint.ReadReply(reply, call.Model.Model)))
        {
            Call = call,
            Endpoint = endpoint,
            Stream = call.Request.Stream ? ToStreamPlan(call, endpoint) : null,
            CallerToken = cancellationToken,
        };
        var origin = new CallOrigin(call.Request.UserId, call.Model.Model, LimitOf(call.Model)) { Paid = call };
        return RunAsync(call.Request.RequestId, origin, plan, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> AskAsync(AskStoredResponse request, CancellationToken cancellationToken)
    {
        var plan = new OpenAiRequestPlan("", _ => connection.NewRequest(request), OpenAiResponse.FromStored);
        var reply = await RunAsync(request.RequestId, new CallOrigin(request.UserId, Model: "", _account.Settings.Timeout), plan, cancellationToken);
        return reply.Body;
    }

    public Task<HealthStatus> CheckHealthAsync(CancellationToken cancellationToken) => _health.CheckAsync(cancellationToken);

    public CostEstimate EstimateCost(ModelCall call) => CallEstimate.Of(call, tokens);

    public ProviderQuotaStatus CheckQuota() => _exchange.Account;

    public RateLimitInfo? GetRateLimit() => _exchange.RateLimit;

    public DateTimeOffset? CoolsUntil(string model, Guid userId) => _pipeline.CoolsUntil(model, userId, _exchange.RateLimit);

    public IReadOnlyList<string> Learned() => _exchange.Learned;

    public IReadOnlyList<CoolingModel> Cooling() => _pipeline.Cooling();

    public TimeSpan? TimeLimitOf(PricedModel model) => LimitOf(model);

    public WireKind WireOf(ModelOperation operation) => OpenAiNames.WireOf(operation);

    public bool Supports(ModelOperation operation) => _account.Operations.Contains(operation);

    public PricedModel? FindModel(string model) => prices.Find(_account, model);

    public void Dispose() => connection.Dispose();

    private string? UpstreamOf(string model) =>
        _account.Models.TryGetValue(model, out var listed) ? listed.Upstream : _account.Deployment;

    private TimeSpan LimitOf(PricedModel model) => _account.Models.GetValueOrDefault(model.Model)?.Timeout
        ?? (model.Capabilities.Reasoning ? _account.Settings.ReasoningTimeout : _account.Settings.Timeout);

    private async Task<ModelReply> RunAsync(Guid requestId, CallOrigin origin, OpenAiRequestPlan plan, CancellationToken cancellationToken)
    {
        var outcome = await _pipeline.RunAsync(
            origin, static (work, token) => work.Exchange.RunAsync(work.Plan, token), (Exchange: _exchange, Plan: plan), cancellationToken);
        if (outcome.Reply is { } reply) return reply;

        var failure = outcome.Failure!;
        Log.Failed(logger, requestId, Name, failure.Code.ToName(), failure.ProviderStatus, outcome.Attempts);
        throw failure;
    }

    private OpenAiStreamPlan ToStreamPlan(ModelCall call, OpenAiEndpoint endpoint)
    {
        var requestId = call.Request.RequestId;
        var (limit, idle) = (LimitOf(call.Model), _account.Settings.StreamIdleTimeout);
        return new OpenAiStreamPlan(
            Name,
            connection.ApiKey,
            _account.Profile,
            endpoint.ReadEvent,
            new UsageCheck(call, _account.Profile),
            idle,
            limit > idle ? limit : idle,
            time,
            failure => Log.StreamFailed(logger, requestId, Name, failure.Code.ToName()));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Request {RequestId}: provider {Provider} ended with {Code}, status {Status}, after {Attempts} attempts")]
        public static partial void Failed(ILogger logger, Guid requestId, string provider, string code, int? status, int attempts);

        [LoggerMessage(2, LogLevel.Warning, "Request {RequestId}: the stream of provider {Provider} ended with {Code}")]
        public static partial void StreamFailed(ILogger logger, Guid requestId, string provider, string code);
    }
}
