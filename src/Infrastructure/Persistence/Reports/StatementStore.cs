using AiGateway.Application.Statements;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Reports;

internal sealed class StatementStore(IDbContextFactory<GatewayContext> contexts, TimeProvider time) : IStatementStore
{
    private static readonly UsageGrouping[] OfRows = [UsageGrouping.Project, UsageGrouping.User, UsageGrouping.Key, UsageGrouping.Model];

    public Task<TeamStatement?> FindAsync(Guid teamId, DateOnly month, CancellationToken cancellationToken) =>
        contexts.RunAsync((context, attempt) => FindAsync(context, teamId, month, attempt), cancellationToken);

    private async Task<TeamStatement?> FindAsync(GatewayContext context, Guid teamId, DateOnly month, CancellationToken cancellationToken)
    {
        await using var state = await context.BeginReportAsync(cancellationToken);
        var team = await context.Scopes.AsNoTracking().SingleOrDefaultAsync(scope => scope.Id == teamId && scope.Kind == ScopeKind.Team, cancellationToken);
        if (team is null) return null;
        var selection = new UsageSelection { TeamId = teamId, From = StartOf(month), To = StartOf(month.AddMonths(1)) };
        var sums = UsageReports.InOrder(await SelectedSums.SumAsync(context, OfRows, selection, cancellationToken));
        var days = UsageReports.InOrder(await SelectedSums.SumAsync(context, [UsageGrouping.Day], selection, cancellationToken));
        var corrections = await ReadCorrectionsAsync(context, selection, cancellationToken);
        var corrected = corrections.ToLookup(each => each.Row, each => each.Correction.CostNanoUsd - each.Correction.PreviousCostNanoUsd, StringComparer.Ordinal);
        var names = await ReadNamesAsync(context, sums, cancellationToken);
        return new TeamStatement(
            teamId,
            team.Name,
            month,
            [.. sums.Select(sum => ToRow(sum, names, corrected[RowOf(sum)].Sum()))],
            [.. days.OrderBy(day => day.Group, StringComparer.Ordinal)],
            corrections.ConvertAll(each => each.Correction))
        {
            IsPreliminary = time.GetUtcNow() < selection.To || sums.Any(sum => sum.HeldNanoUsd > 0),
        };
    }

    private static StatementRow ToRow(UsageSum sum, Dictionary<Guid, string> names, long corrections)
    {
        return new(Named(sum.Group), Named(sum.More[0])!, Named(sum.More[1]), sum.More[2], sum, corrections);

        NamedId? Named(string id) => Guid.TryParse(id, out var known) ? new(known, names.GetValueOrDefault(known)) : null;
    }

    private static string RowOf(UsageSum sum) => string.Join('\0', sum.More.Prepend(sum.Group));

    /// <summary>Corrections with the rows that their requests belong to.</summary>
    private static async Task<List<(UsageCorrection Correction, string Row)>> ReadCorrectionsAsync(
        GatewayContext context, UsageSelection selection, CancellationToken cancellationToken)
    {
        var read = await context.UsageCorrections.AsNoTracking()
            .Join(context.Selected(selection), correction => correction.RequestId, record => record.Id, (correction, record) => new
            {
                Correction = correction,
                record.UserId,
                record.ApiKeyId,
                record.Model,
                Project = context.ChargeSetMembers.Where(member => member.SetId == record.ChargeSet && member.Kind == (int)ScopeKind.Project)
                    .Select(member => (Guid?)member.ScopeId).FirstOrDefault(),
            })
            .OrderBy(each => each.Correction.CreatedAt).ThenBy(each => each.Correction.Id)
            .Take(SelectedSums.MostGroups + 1).ToListAsync(cancellationToken);
        if (read.Count > SelectedSums.MostGroups) throw new InvalidRequestException("month", $"has more than {SelectedSums.MostGroups} corrections");
        return read.ConvertAll(each => (each.Correction, string.Join('\0', $"{each.Project}", $"{each.UserId}", $"{each.ApiKeyId}", each.Model)));
    }

    private static async Task<Dictionary<Guid, string>> ReadNamesAsync(
        GatewayContext context, IReadOnlyList<UsageSum> sums, CancellationToken cancellationToken)
    {
        var names = new Dictionary<Guid, string>();
        foreach (var part in sums.SelectMany(sum => sum.More.Take(2).Prepend(sum.Group)).Distinct().Where(id => id.Length > 0).Select(Guid.Parse).Chunk(SelectedSums.MostIdsAtOnce))
        {
            var read = context.Scopes.Where(scope => part.Contains(scope.Id)).Select(scope => new { scope.Id, scope.Name })
                .Concat(context.Users.Where(user => part.Contains(user.Id)).Select(user => new { user.Id, user.Name }))
                .Concat(context.ApiKeys.Where(key => part.Contains(key.Id)).Select(key => new { key.Id, key.Name }));
            await foreach (var each in read.AsAsyncEnumerable().WithCancellation(cancellationToken)) names[each.Id] = each.Name;
        }

        return names;
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
