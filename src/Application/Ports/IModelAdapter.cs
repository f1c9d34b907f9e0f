using AiGateway.Application.Generation;
using AiGateway.Application.Health;
using AiGateway.Application.Quotas;
using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>
/// One provider of models. An adapter translates to and from the provider's wire, decides about time-outs, retries and
/// circuit breaker, and classifies every failure. It knows nothing of budgets. Implementations are singletons and safe for
/// concurrent use.
/// </summary>
public interface IModelAdapter
{
    /// <summary>The provider's name in requests and usage records, such as <c>openai</c>: lower case, never changed.</summary>
    string Name { get; }

    /// <summary>
    /// Has the model answer. A streamed reply returns when its first chunk has arrived, so early failures are thrown.
    /// </summary>
    /// <exception cref="ProviderException">The provider failed or refused; the code says how.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<ModelReply> GenerateAsync(ModelCall call, CancellationToken cancellationToken);

    /// <summary>Checks whether the provider answers, at no charge. It never throws for a provider that is down.</summary>
    Task<HealthStatus> CheckHealthAsync(CancellationToken cancellationToken);

    /// <summary>The maximum cost of a call, before it is made: counted prompt tokens, output limit and their price.</summary>
    CostEstimate EstimateCost(ModelCall call);

    /// <summary>Whether the gateway's account at the provider has quota left, according to its last answers.</summary>
    ProviderQuotaStatus CheckQuota();

    /// <summary>The provider's rate limits as of its last answer; null before the first one.</summary>
    RateLimitInfo? GetRateLimit();

    /// <summary>Whether the provider supports this kind of request.</summary>
    bool Takes(ModelOperation operation);

    /// <summary>What the provider supports for this model; null when it does not serve the model.</summary>
    PricedModel? FindModel(string model);
}
