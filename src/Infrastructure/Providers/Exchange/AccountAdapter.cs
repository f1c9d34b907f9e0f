using AiGateway.Application.Alerts;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Targets;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>A provider over HTTP, whatever its wire: resilience, health, quota and the log of failures.</summary>
internal abstract partial class AccountAdapter(
    IProviderConnection connection, ErrorRules rules, IPriceBook prices, TimeProvider time, ILogger logger) : IModelAdapter, IDisposable
{
    private readonly ProviderResilience _pipeline = new(connection.Account.Name, connection.Account.Settings, time);
    private readonly ProviderExchange _exchange = new(connection, rules, time);
    private readonly RecentErrors _errors = new(time);
    private readonly ProviderProbe _probe = new(connection.Account.Name, connection, time);

    public string Name => Account.Name;

    /// <summary>Learns when the account is refused and when it works.</summary>
    public ProviderOutages? Outages
    {
        init => _pipeline.Outages = value;
    }

    /// <summary>Writes large requests apart from the threads of all others.</summary>
    public LargeRequests? Large
    {
        init => _exchange.Large = value;
    }

    protected ProviderAccount Account { get; } = connection.Account;

    public abstract Task<ModelReply> GenerateAsync(ModelCall call, CancellationToken cancellationToken);

    public abstract CostEstimate EstimateCost(ModelCall call);

    public abstract WireKind WireOf(ModelOperation operation);

    public Task<HealthStatus> CheckHealthAsync(CancellationToken cancellationToken) => _probe.CheckAsync(cancellationToken);

    public ProviderQuotaStatus CheckQuota() => _exchange.Account;

    public RateLimitInfo? GetRateLimit() => _exchange.RateLimit;

    public DateTimeOffset? CoolsUntil(string model, Guid userId) => _pipeline.CoolsUntil(model, userId, _exchange.RateLimit);

    public virtual IReadOnlyList<string> Learned() => [];

    public IReadOnlyList<CoolingModel> Cooling() => _pipeline.Cooling();

    public IReadOnlyList<OpenBreaker> OpenBreakers() => _pipeline.OpenBreakers();

    public IReadOnlyList<ProviderError> LastErrors() => _errors.Read();

    public TimeSpan? TimeLimitOf(PricedModel model) => LimitOf(model);

    public bool Supports(ModelOperation operation) => Account.Operations.Contains(operation);

    public PricedModel? FindModel(string model) => FindModel(model, prices);

    public PricedModel? FindModel(string model, IPriceRows rows) => rows.Find(Account, model);

    public void Dispose() => connection.Dispose();

    /// <summary>The model's name at the provider when it differs from the name at the gateway; null: the same.</summary>
    protected string? UpstreamOf(string model) =>
        Account.Models.TryGetValue(model, out var listed) ? listed.Upstream : Account.Deployment;

    /// <summary>Makes a call that costs money.</summary>
    protected Task<ModelReply> GenerateAsync(
        ModelCall call, WireEndpoint endpoint, Func<PreparedRequest> newRequest, CancellationToken cancellationToken)
    {
        var plan = new ExchangePlan(
            call.Model.Model, newRequest, reply => UsageCheck.Of(call, endpoint, endpoint.ReadReply(reply, call.Model.Model)))
        {
            Call = call,
            Endpoint = endpoint,
            Stream = call.Request.Stream ? ToStreamPlan(call, endpoint) : null,
            CallerToken = cancellationToken,
        };
        var origin = new CallOrigin(call.Request.UserId, call.Model.Model, LimitOf(call.Model)) { Paid = call };
        return RunAsync(call.Request.RequestId, origin, plan, cancellationToken);
    }

    /// <summary>Makes a call that costs nothing.</summary>
    protected Task<ModelReply> AskAsync(
        Guid requestId,
        Guid userId,
        Func<PreparedRequest> newRequest,
        Func<ReadOnlyMemory<byte>, ModelReply?> read,
        WireEndpoint? endpoint,
        CancellationToken cancellationToken)
    {
        var origin = new CallOrigin(userId, Model: "", Account.Settings.Timeout);
        return RunAsync(requestId, origin, new ExchangePlan("", newRequest, read) { Endpoint = endpoint }, cancellationToken);
    }

    private TimeSpan LimitOf(PricedModel model) => Account.Models.GetValueOrDefault(model.Model)?.Timeout
        ?? (model.Capabilities.Reasoning ? Account.Settings.ReasoningTimeout : Account.Settings.Timeout);

    private async Task<ModelReply> RunAsync(Guid requestId, CallOrigin origin, ExchangePlan plan, CancellationToken cancellationToken)
    {
        var outcome = await _pipeline.RunAsync(origin, token => _exchange.RunAsync(plan, _pipeline.Rates, token), cancellationToken);
        if (outcome.Reply is { } reply) return reply;

        var failure = outcome.Failure!;
        _errors.Note(origin.Model, failure);
        Log.Failed(logger, requestId, Name, failure.Code.ToName(), failure.ProviderStatus, outcome.Attempts);
        throw failure;
    }

    private ReplyStreamPlan ToStreamPlan(ModelCall call, WireEndpoint endpoint)
    {
        var requestId = call.Request.RequestId;
        var (limit, idle) = (LimitOf(call.Model), Account.Settings.StreamIdleTimeout);
        return new ReplyStreamPlan(
            Name,
            connection.ApiKey,
            _exchange.Failures,
            endpoint,
            new UsageCheck(call, endpoint),
            call.Attempts,
            idle,
            limit > idle ? limit : idle,
            time,
            failure =>
            {
                _pipeline.NoteEndedStream(call.Model.Model, call.Request.UserId, failure);
                if (failure is null) return;
                _errors.Note(call.Model.Model, failure.Exception);
                Log.StreamFailed(logger, requestId, Name, failure.Exception.Code.ToName());
            });
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Request {RequestId}: provider {Provider} ended with {Code}, status {Status}, after {Attempts} attempts")]
        public static partial void Failed(ILogger logger, Guid requestId, string provider, string code, int? status, int attempts);

        [LoggerMessage(2, LogLevel.Warning, "Request {RequestId}: the stream of provider {Provider} ended with {Code}")]
        public static partial void StreamFailed(ILogger logger, Guid requestId, string provider, string code);
    }
}
