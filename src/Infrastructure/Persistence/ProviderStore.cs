using AiGateway.Application;
using AiGateway.Application.Ports;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

internal sealed class ProviderStore(IDbContextFactory<GatewayContext> contexts, GatewayDefaults defaults) : IProviderStore
{
    public Task SaveHealthAsync(ProviderHealth health, CancellationToken cancellationToken) =>
        contexts.SaveAsync(context => SaveHealthAsync(context, health, cancellationToken), cancellationToken);

    private async Task SaveHealthAsync(GatewayContext context, ProviderHealth health, CancellationToken cancellationToken)
    {
        if (!await context.Providers.AnyAsync(provider => provider.Name == health.ProviderName, cancellationToken))
            context.Providers.Add(ToProvider(health));
        var stored = await context.ProviderHealth
            .SingleOrDefaultAsync(each => each.ProviderName == health.ProviderName, cancellationToken)
            ?? context.ProviderHealth.Add(new ProviderHealth { ProviderName = health.ProviderName }).Entity;
        stored.State = health.State;
        stored.LatencyMs = health.LatencyMs;
        stored.CheckedAt = health.CheckedAt;
        stored.Problem = health.Problem is { } problem ? StoredText.Fit(problem, StoredText.ProblemLength) : null;
    }

    private Provider ToProvider(ProviderHealth health) => new()
    {
        Name = health.ProviderName,
        DisplayName = health.ProviderName,
        DefaultModel = defaults.Model,
        CreatedAt = health.CheckedAt,
    };
}
