using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>Requests a provider's list of models and derives its health from the answer.</summary>
internal sealed class ProviderProbe(string provider, IProviderConnection connection, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<HealthStatus> CheckAsync(CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var (state, problem) = await AskAsync(cancellationToken);
        return new HealthStatus(provider, state, time.GetElapsedTime(startedAt), time.GetUtcNow(), problem);
    }

    private async Task<(HealthState State, string? Problem)> AskAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return Judge(await connection.GetModelsStatusAsync(either.Token));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception failure) when (ProviderFailures.IsOfTheConnection(failure))
        {
            return (HealthState.Unhealthy, limit.IsCancellationRequested
                ? $"the provider does not answer within {Limit.TotalSeconds:0} s"
                : "the provider cannot be reached");
        }
    }

    private static (HealthState State, string? Problem) Judge(int status) => status switch
    {
        >= 200 and < 300 => (HealthState.Healthy, null),

        // Some compatible servers have no list of models, but are healthy.
        404 => (HealthState.Healthy, null),
        401 or 403 => (HealthState.Unhealthy, "the provider rejects the gateway's key"),
        429 => (HealthState.Degraded, "the provider accepts no more requests for now"),
        _ => (HealthState.Degraded, $"the provider answers with status {status}"),
    };
}
