using AiGateway.Application.Administration;
using AiGateway.Application.Budgets;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Stores.Budgets;

namespace AiGateway.Infrastructure.Tests.Ledger.Budgets;

/// <summary>A ledger with users, keys and a tree of scopes that have budgets.</summary>
internal static class BudgetedLedger
{
    public static IBudgetStore Store(this TestLedger ledger) => new BudgetStore(ledger.Database.Contexts);

    public static async Task<Guid> AddKeyAsync(this TestLedger ledger, Guid user)
    {
        var id = ledger.NextId();
        await using var context = await ledger.Database.Contexts.CreateDbContextAsync();
        context.Add(new ApiKey
        {
            Id = id,
            UserId = user,
            Name = "key",
            Prefix = "aigw_test",
            Hash = [.. id.ToByteArray(), .. id.ToByteArray()],
            Scopes = Scopes.Generate,
            CreatedAt = TestLedger.Noon,
        });
        await context.SaveChangesAsync();
        return id;
    }

    /// <summary>An organisation, and a team below it.</summary>
    public static async Task<ScopePath> AddTeamAsync(this TestLedger ledger, string zone = LocalDays.Utc, Guid? organisation = null)
    {
        var (top, team) = (organisation ?? ledger.NextId(), ledger.NextId());
        await using var context = await ledger.Database.Contexts.CreateDbContextAsync();
        if (organisation is null) context.Add(NewScope(top, ScopeKind.Organisation, null, zone));
        context.Add(NewScope(team, ScopeKind.Team, top, zone));
        await context.SaveChangesAsync();
        return new ScopePath([new(ScopeKind.Organisation, top, "Acme", zone), new(ScopeKind.Team, team, "Search", zone)]);
    }

    public static Guid IdOf(this ScopePath path, ScopeKind kind) => path.Steps.Single(step => step.Kind == kind).Id;

    /// <summary>Replaces the budgets of a scope.</summary>
    public static Task SetAsync(this TestLedger ledger, ScopeKind kind, Guid id, params NewBudget[] budgets) => ledger.Store().ReplaceAsync(
        kind, id, [.. budgets.Select((budget, place) => budget.ToBudget(kind, id, ledger.Clock.GetUtcNow(), place))], null, Actor.Operator, ledger.Clock.GetUtcNow(),
        CancellationToken.None);

    /// <summary>The use of the budgets of a scope now.</summary>
    public static async Task<IReadOnlyList<BudgetUse>> UsesAsync(this TestLedger ledger, ScopeKind kind, Guid id) =>
        (await ledger.Store().ReadAsync(kind, id, ledger.Clock.GetUtcNow(), CancellationToken.None)).Budgets;

    public static Task<HoldDecision> TryAsync(this TestLedger ledger, Hold hold) => ledger.Ledger.HoldAsync(hold, CancellationToken.None);

    /// <summary>The differences of all counters, those of budgets included.</summary>
    public static async Task AssertAllBalancedAsync(this TestLedger ledger)
    {
        await ledger.FlushAsync();
        await ledger.AssertBalancedAsync();
        Assert.That((await ledger.Ledger.VerifyAsync(CancellationToken.None)).BudgetDifferences, Is.Empty, "the counters of budgets equal their records");
    }

    private static Scope NewScope(Guid id, ScopeKind kind, Guid? parent, string zone) => new()
    {
        Id = id,
        Kind = kind,
        Name = kind.ToString(),
        ParentId = parent,
        TimeZone = zone == LocalDays.Utc ? null : zone,
        CreatedAt = TestLedger.Noon,
    };
}
