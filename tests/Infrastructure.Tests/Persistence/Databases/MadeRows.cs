using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace AiGateway.Infrastructure.Tests.Persistence.Databases;

/// <summary>The rows that a test has added to a database that other tests use as well.</summary>
internal sealed class MadeRows
{
    private readonly HashSet<Guid> _users = [];
    private readonly HashSet<string> _providers = [];
    private readonly HashSet<string> _checked = [];

    public IReadOnlyCollection<Guid> Users
    {
        get
        {
            lock (_users) return [.. _users];
        }
    }

    /// <summary>
    /// Whether the database had neither users nor daily sums before the test. If so, the users that a host creates at its first start and
    /// all daily sums, kept prices and rows of the audit log also belong to the test.
    /// </summary>
    public bool WasEmpty { get; set; }

    public void Note(ChangeTracker changes)
    {
        lock (_users)
        {
            foreach (var added in changes.Entries().Where(entry => entry.State == EntityState.Added))
            {
                if (added.Entity is User user) _users.Add(user.Id);
                else if (added.Entity is Provider provider) _providers.Add(provider.Name);
                else if (added.Entity is ProviderHealth health) _checked.Add(health.ProviderName);
            }
        }
    }

    public async Task DeleteAsync(GatewayContext context)
    {
        if (WasEmpty)
        {
            await NoteFirstStartAsync(context);
            await context.DailyUsage.ExecuteDeleteAsync();
            await context.ArchivedUse.ExecuteDeleteAsync();
            await context.AdminActions.ExecuteDeleteAsync();
            await context.PriceBooks.ExecuteDeleteAsync();
        }

        foreach (var user in Users)
        {
            await context.UsageRecords.Where(record => record.UserId == user).ExecuteDeleteAsync();
            await context.QuotaCounters.Where(counter => counter.UserId == user).ExecuteDeleteAsync();
            await context.Quotas.Where(quota => quota.UserId == user).ExecuteDeleteAsync();
            await context.Preferences.Where(preference => preference.UserId == user).ExecuteDeleteAsync();
            await context.StoredObjects.Where(stored => stored.UserId == user).ExecuteDeleteAsync();
            await context.ApiKeys.Where(key => key.UserId == user).ExecuteDeleteAsync();
            await context.Users.Where(each => each.Id == user).ExecuteDeleteAsync();
        }

        foreach (var name in _checked) await context.ProviderHealth.Where(health => health.ProviderName == name).ExecuteDeleteAsync();
        foreach (var name in _providers) await context.Providers.Where(provider => provider.Name == name).ExecuteDeleteAsync();
    }

    private async Task NoteFirstStartAsync(GatewayContext context)
    {
        var made = await context.Users.Where(user => user.Name == "admin" || user.Name == "test").Select(user => user.Id).ToListAsync();
        _users.UnionWith(made);
    }
}

/// <summary>Creates contexts that record the rows added through them.</summary>
internal sealed class NotingContexts(IDbContextFactory<GatewayContext> real, MadeRows made) : IDbContextFactory<GatewayContext>
{
    public GatewayContext CreateDbContext()
    {
        var context = real.CreateDbContext();
        context.SavingChanges += (_, _) => made.Note(context.ChangeTracker);
        return context;
    }
}
