using System.Security.Cryptography;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Budgets;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence.Stores.Erasure;

/// <summary>
/// Gives the end users in the records of a user other names. Budgets for each end user count by these names, so their counters
/// move with the records, while the ledger waits. Counters therefore equal their records at every committed state.
/// </summary>
internal static class EndUserErasure
{
    private const string Prefix = "erased-";
    private const int NamesAtOnce = 100;

    /// <summary>Replaces every end user in the records of a user.</summary>
    public static async Task EraseAsync(IDbContextFactory<GatewayContext> contexts, Guid userId, CancellationToken cancellationToken)
    {
        var names = await contexts.RunAsync(
            (context, attempt) => context.UsageRecords.Where(record => record.UserId == userId).Select(record => record.EndUser)
                .Union(context.ArchivedUse.Where(use => use.UserId == userId).Select(use => use.EndUser))
                .Where(name => name != null && name != "").Select(name => name!).ToListAsync(attempt),
            cancellationToken);
        foreach (var some in names.Where(name => !IsErased(name)).Chunk(NamesAtOnce))
            await contexts.RunAsync((context, attempt) => ReplaceAsync(context, userId, some, attempt), cancellationToken);
    }

    private static bool IsErased(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParseExact(name[Prefix.Length..], "N", out _);

    private static async Task<bool> ReplaceAsync(GatewayContext context, Guid userId, string[] names, CancellationToken cancellationToken)
    {
        // Alone: no request can change a record or a counter meanwhile.
        await using var transaction = await context.BeginAloneAsync(DatabaseLock.Budgets, cancellationToken);
        var counters = await context.BudgetCounters.AsNoTracking().Where(counter => names.Contains(counter.EndUser)).ToListAsync(cancellationToken);
        var counted = counters.Select(counter => counter.EndUser!).Distinct(StringComparer.Ordinal).ToArray();
        string[] others = [.. names.Except(counted, StringComparer.Ordinal)];
        if (others.Length > 0) await RenameAsync(context, userId, others, NewName(), cancellationToken);
        foreach (var name in counted)
        {
            await MoveAsync(context, userId, name, counters.FindAll(counter => counter.EndUser == name), cancellationToken);
        }

        await context.ForgetEndUsersAsync(names, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task MoveAsync(
        GatewayContext context, Guid userId, string name, List<BudgetCounter> counters, CancellationToken cancellationToken)
    {
        var to = NewName();
        var before = counters.ConvertAll(counter => SumOf(context, counter));
        await RenameAsync(context, userId, [name], to, cancellationToken);
        for (var i = 0; i < counters.Count; i++)
        {
            // The difference, not the rest: a counter may hold archived records whose use is not known.
            var (counter, part) = (counters[i], Subtract(before[i], SumOf(context, counters[i])));
            if (part == default) continue;
            await context.BudgetCounters.Where(each => each.Id == counter.Id && each.Window == counter.Window && each.Start == counter.Start)
                .ExecuteUpdateAsync(
                    each => each.SetProperty(row => row.Requests, row => row.Requests - part.Requests)
                        .SetProperty(row => row.InFlight, row => row.InFlight - part.InFlight)
                        .SetProperty(row => row.SettledTokens, row => row.SettledTokens - part.SettledTokens)
                        .SetProperty(row => row.HeldTokens, row => row.HeldTokens - part.HeldTokens)
                        .SetProperty(row => row.SettledNanoUsd, row => row.SettledNanoUsd - part.SettledNanoUsd)
                        .SetProperty(row => row.HeldNanoUsd, row => row.HeldNanoUsd - part.HeldNanoUsd),
                    cancellationToken);
            context.BudgetCounters.Add(ToCounter(counter, to, part));
        }

        // A counter without use is opened again when it is needed.
        await context.BudgetCounters
            .Where(counter => counter.EndUser == name && counter.Requests == 0 && counter.SettledTokens == 0 && counter.SettledNanoUsd == 0)
            .ExecuteDeleteAsync(cancellationToken);
    }

    private static async Task RenameAsync(GatewayContext context, Guid userId, string[] names, string to, CancellationToken cancellationToken)
    {
        await context.UsageRecords.Where(record => record.UserId == userId && names.Contains(record.EndUser))
            .ExecuteUpdateAsync(record => record.SetProperty(each => each.EndUser, to), cancellationToken);
        await context.ArchivedUse.Where(use => use.UserId == userId && names.Contains(use.EndUser))
            .ExecuteUpdateAsync(use => use.SetProperty(each => each.EndUser, to), cancellationToken);
    }

    private static BudgetFigures SumOf(GatewayContext context, BudgetCounter counter) => RecordSums.Sum(
        context.Database.GetDbConnection(),
        context.Database.CurrentTransaction!.GetDbTransaction(),
        new CountedScope(counter.ScopeKind, counter.ScopeId, counter.Model, counter.EndUser),
        counter.Window,
        counter.Start);

    private static BudgetCounter ToCounter(BudgetCounter from, string endUser, BudgetFigures figures) => new()
    {
        Id = new CountedScope(from.ScopeKind, from.ScopeId, from.Model, endUser).CounterId,
        Window = from.Window,
        Start = from.Start,
        ScopeKind = from.ScopeKind,
        ScopeId = from.ScopeId,
        Model = from.Model,
        EndUser = endUser,
        Requests = figures.Requests,
        InFlight = figures.InFlight,
        SettledTokens = figures.SettledTokens,
        HeldTokens = figures.HeldTokens,
        SettledNanoUsd = figures.SettledNanoUsd,
        HeldNanoUsd = figures.HeldNanoUsd,
    };

    private static BudgetFigures Subtract(BudgetFigures one, BudgetFigures other) => checked(new(
        one.Requests - other.Requests, one.InFlight - other.InFlight, one.SettledTokens - other.SettledTokens,
        one.HeldTokens - other.HeldTokens, one.SettledNanoUsd - other.SettledNanoUsd, one.HeldNanoUsd - other.HeldNanoUsd));

    // Random, and the same for no other user: it says nothing about the name before.
    private static string NewName() => $"{Prefix}{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
}
