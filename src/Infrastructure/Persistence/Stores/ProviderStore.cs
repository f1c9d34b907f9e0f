using AiGateway.Application;
using AiGateway.Application.Health;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

internal sealed class ProviderStore(IDbContextFactory<GatewayContext> contexts, GatewayDefaults defaults) : IProviderStore
{
    private const string SaveHealth = """
        UPDATE provider_health SET state = @state, latency_ms = @latency, checked_at = @at, problem = @problem WHERE provider_name = @provider
        """;

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    // Every check comes here, and only the first of a provider needs Entity Framework.
    public async Task SaveHealthAsync(ProviderHealth health, CancellationToken cancellationToken)
    {
        var problem = health.Problem is { } told ? StoredText.Fit(told, StoredText.ProblemLength) : null;
        var saved = await contexts.ExecuteAsync(
            SaveHealth,
            [
                ("@provider", health.ProviderName), ("@state", (int)health.State), ("@latency", health.LatencyMs),
                ("@at", health.CheckedAt.ToUnixTimeMilliseconds()), ("@problem", (object?)problem ?? DBNull.Value),
            ],
            cancellationToken);
        if (saved == 0) await contexts.SaveAsync(context => AddHealthAsync(context, health, problem, cancellationToken), cancellationToken);
    }

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

    private async Task AddHealthAsync(GatewayContext context, ProviderHealth health, string? problem, CancellationToken cancellationToken)
    {
        if (!await context.Providers.AnyAsync(provider => provider.Name == health.ProviderName, cancellationToken))
            context.Providers.Add(ToProvider(health));
        var stored = await context.ProviderHealth
            .SingleOrDefaultAsync(each => each.ProviderName == health.ProviderName, cancellationToken)
            ?? context.ProviderHealth.Add(new ProviderHealth { ProviderName = health.ProviderName }).Entity;
        stored.State = health.State;
        stored.LatencyMs = health.LatencyMs;
        stored.CheckedAt = health.CheckedAt;
        stored.Problem = problem;
    }

    private Provider ToProvider(ProviderHealth health) => new()
    {
        Name = health.ProviderName,
        DisplayName = health.ProviderName,
        DefaultModel = defaults.Model,
        CreatedAt = health.CheckedAt,
    };
}
