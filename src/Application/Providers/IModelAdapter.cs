using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.Providers;

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
    /// <exception cref="InvalidRequestException">The request asks for what the provider's wire cannot say, or the model does not accept.</exception>
    CostEstimate EstimateCost(ModelCall call);

    /// <summary>Whether the gateway's account at the provider has quota left, according to its last answers.</summary>
    ProviderQuotaStatus CheckQuota();

    /// <summary>
    /// When a model that fails at this provider may be tried again; null: now. Until then other targets are tried first.
    /// </summary>
    /// <param name="model">The model's name at the gateway.</param>
    /// <param name="userId">The user of the request: failures of one user must not keep the model from others.</param>
    DateTimeOffset? CoolsUntil(string model, Guid userId);

    /// <summary>The models that cool down now, for the health report.</summary>
    IReadOnlyList<CoolingModel> Cooling();

    /// <summary>The models whose circuit breaker is open now; default: none.</summary>
    IReadOnlyList<OpenBreaker> OpenBreakers() => [];

    /// <summary>The last failures of the provider, newest first, of this gateway since its start; default: none.</summary>
    IReadOnlyList<ProviderError> LastErrors() => [];

    /// <summary>What the provider's refusals taught about its requests, in words for the health report.</summary>
    IReadOnlyList<string> Learned();

    /// <summary>The provider's rate limits as of its last answer; null before the first one.</summary>
    RateLimitInfo? GetRateLimit();

    /// <summary>
    /// The time limit for a call to this model, until the whole plain reply or the first chunk of a stream; null: none.
    /// </summary>
    TimeSpan? TimeLimitOf(PricedModel model);

    /// <summary>The wire of the provider for an operation that it supports. A call in another wire is translated first.</summary>
    WireKind WireOf(ModelOperation operation);

    /// <summary>Whether the provider supports this kind of request.</summary>
    bool Supports(ModelOperation operation);

    /// <summary>What the provider supports for this model; null when it does not serve the model.</summary>
    PricedModel? FindModel(string model);

    /// <summary>The same by the rows of another price book, as the provider is configured now.</summary>
    PricedModel? FindModel(string model, IPriceRows rows);
}
