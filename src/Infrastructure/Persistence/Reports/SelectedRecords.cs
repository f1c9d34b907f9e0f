using AiGateway.Application.Usage;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Reports;

/// <summary>Selects usage records by what is stored with them, and by the tags of their keys.</summary>
internal static class SelectedRecords
{
    public static IQueryable<UsageRecord> Selected(this GatewayContext context, UsageSelection selection)
    {
        var records = context.UsageRecords.AsNoTracking();
        if (selection.UserId is { } user)
        {
            records = records.Where(record => record.UserId == user);
            if (selection.From is { } from) records = records.Where(record => record.CreatedAt >= from);
            if (selection.To is { } to) records = records.Where(record => record.CreatedAt < to);
        }
        else if (selection.From is not null || selection.To is not null)
        {
            records = records.CreatedWithin(selection.From, selection.To);
        }

        if (selection.Status is { } status) records = records.Where(record => record.Status == status);
        if (selection.Failed is { } failed) records = failed ? records.Errors() : records.Answered();
        if (selection.ApiKeyId is { } key) records = records.Where(record => record.ApiKeyId == key);
        if (selection.Model is { } model) records = records.Where(record => record.Model == model);
        if (selection.Provider is { } provider) records = records.Where(record => record.Provider == provider);
        if (selection.EndUser is { Length: > 0 } endUser) records = records.Where(record => record.EndUser == endUser);
        else if (selection.EndUser is not null) records = records.Where(record => record.EndUser == null || record.EndUser == "");
        if (selection.Tag is { } tag)
        {
            // Tags are words in one text. With a blank at both ends, a word is never found within a longer one.
            var word = $" {tag} ";
            records = records.Where(record => context.ApiKeys.Any(each => each.Id == record.ApiKeyId && (" " + each.Tags + " ").Contains(word)));
        }

        return ((Guid?[])[selection.OrganisationId, selection.TeamId, selection.ProjectId, selection.Reach.TeamId]).OfType<Guid>()
            .Aggregate(records, context.ChargedTo);
    }

    /// <summary>The records of a period. Use it with the index over times.</summary>
    public static IQueryable<UsageRecord> CreatedWithin(this IQueryable<UsageRecord> records, DateTimeOffset? from, DateTimeOffset? to)
    {
        // Always with both bounds: SQLite takes a range with one bound for large, and scans the whole index over users
        // instead.
        var (first, end) = (from ?? DateTimeOffset.UnixEpoch, to ?? DateTimeOffset.MaxValue);
        return records.Where(record => record.CreatedAt >= first && record.CreatedAt < end);
    }

    private static IQueryable<UsageRecord> ChargedTo(this GatewayContext context, IQueryable<UsageRecord> records, Guid scope)
    {
        // A member that is a model has the id zero.
        var sets = context.ChargeSetMembers.Where(member => member.ScopeId == scope && member.Kind != ChargeSetMember.ModelKind)
            .Select(member => (Guid?)member.SetId);
        return records.Where(record => sets.Contains(record.ChargeSet));
    }
}
