using AiGateway.Application;
using AiGateway.Application.Health;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

internal sealed class ProviderStore(IDbContextFactory<GatewayContext> contexts, GatewayDefaults defaults) : IProviderStore
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    public Task SaveHealthAsync(ProviderHealth health, CancellationToken cancellationToken) =>
        contexts.SaveAsync(context => SaveHealthAsync(context, health, cancellationToken), cancellationToken);

    public Task AddChangesAsync(IReadOnlyList<ProviderHealthChange> changes, CancellationToken cancellationToken) => contexts.SaveAsync(
        async context =>
        {
            var oldest = changes[^1].At - KeptFor;
            await context.ProviderHealthChanges.Where(change => change.At < oldest).ExecuteDeleteAsync(cancellationToken);
            context.ProviderHealthChanges.AddRange(changes);
        },
        cancellationToken);

    public async Task<IReadOnlyList<ProviderHealthChange>> ListChangesAsync(int count, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ProviderHealthChanges.AsNoTracking().OrderByDescending(change => change.At).Take(count).ToListAsync(cancellationToken);
    }

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
