using AiGateway.Application;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Persistence.Stores;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class ProviderStoreTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly GatewayDefaults Defaults = new() { Model = "gpt-x", MaxTokens = 10, Limits = QuotaLimits.Unlimited };
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task SaveHealth_WhenRepeated_KeepsTheLastResult()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var store = new ProviderStore(database.Contexts, Defaults);
        await store.SaveHealthAsync(Found("openai", HealthState.Healthy, null), None);
        await store.SaveHealthAsync(Found("openai", HealthState.Unhealthy, new string('x', 5000)), None);

        await using var context = await database.Contexts.CreateDbContextAsync();
        var found = await context.ProviderHealth.SingleAsync();

        Assert.That((found.State, found.LatencyMs, found.CheckedAt), Is.EqualTo((HealthState.Unhealthy, 12, Noon)));
        Assert.That(found.Problem, Has.Length.EqualTo(1000));
    }

    [Test]
    public async Task SaveHealth_OfANewProviderConcurrently_CreatesItsRow()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var store = new ProviderStore(database.Contexts, Defaults);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => Task.Run(() => store.SaveHealthAsync(Found("echo", HealthState.Degraded, "slow"), None))));

        await using var context = await database.Contexts.CreateDbContextAsync();
        var provider = await context.Providers.Include(each => each.Health).SingleAsync(each => each.Name == "echo");
        Assert.That((provider.DefaultModel, provider.Health!.Problem), Is.EqualTo(("gpt-x", "slow")));
    }

    private static ProviderHealth Found(string name, HealthState state, string? problem) =>
        new() { ProviderName = name, State = state, LatencyMs = 12, CheckedAt = Noon, Problem = problem };
}
