using AiGateway.Application.Generation;
using AiGateway.Application.Health;
using AiGateway.Application.Quotas;
using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>
/// One provider of models behind one contract. An adapter translates to and from the provider's wire, decides how
/// hard to try (time-outs, retries, circuit breaker), and classifies every failure; it knows nothing of budgets.
/// Implementations are singletons and safe for concurrent use.
/// </summary>
public interface IModelAdapter
{
    /// <summary>The provider's name in requests and books, such as <c>openai</c>: lower case, stable for ever.</summary>
    string Name { get; }

    /// <summary>
    /// Has the model answer. A streamed reply returns once its first chunk is there, so that early failures still throw.
    /// </summary>
    /// <exception cref="ProviderException">The provider failed or refused; the code says how.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<ModelReply> GenerateAsync(ModelCall call, CancellationToken cancellationToken);

    /// <summary>Asks the provider for a sign of life, at no charge; never throws for a provider that is down.</summary>
    Task<HealthStatus> CheckHealthAsync(CancellationToken cancellationToken);

    /// <summary>The worst case of a call, before it is made: counted prompt tokens, output limit and their price.</summary>
    CostEstimate EstimateCost(ModelCall call);

    /// <summary>Whether the provider's own account has room, as far as its last answers told.</summary>
    ProviderQuotaStatus CheckQuota();

    /// <summary>The provider's rate limits as of its last answer; null before the first one.</summary>
    RateLimitInfo? GetRateLimit();

    /// <summary>Whether the provider takes this kind of request.</summary>
    bool Takes(ModelOperation operation);

    /// <summary>What the provider can do with this model; null when it does not serve it.</summary>
    PricedModel? FindModel(string model);
}
