using AiGateway.Application.Providers;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>What a stream needs to know of its call.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="ApiKey">The gateway's key, which is removed from the provider's words.</param>
/// <param name="Failures">Classifies what goes wrong.</param>
/// <param name="Endpoint">Reads its events.</param>
/// <param name="Usage">Checks whether the usage of an event is possible.</param>
/// <param name="Attempts">Where reported input tokens are noted; null: nowhere.</param>
/// <param name="IdleTimeout">Longest silence, comments included, after the first event.</param>
/// <param name="EventTimeout">Longest wait for an event while only comments come.</param>
/// <param name="Time">The clock.</param>
/// <param name="OnEnd">Called once when the stream ends after its first event: with its failure, or null after a good one.</param>
internal sealed record ReplyStreamPlan(
    string Provider,
    string ApiKey,
    ProviderFailures Failures,
    WireEndpoint Endpoint,
    UsageCheck Usage,
    RequestAttempts? Attempts,
    TimeSpan IdleTimeout,
    TimeSpan EventTimeout,
    TimeProvider Time,
    Action<ProviderFailure?> OnEnd);
