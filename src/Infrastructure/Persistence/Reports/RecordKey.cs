using System.Linq.Expressions;
using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Persistence.Reports;

/// <summary>The stored columns by which records are grouped. The others have no value.</summary>
internal sealed record RecordKey
{
    public Guid UserId { get; init; }

    public Guid? ApiKeyId { get; init; }

    public Guid? ChargeSet { get; init; }

    public string? Model { get; init; }

    public string? Provider { get; init; }

    public string? EndUser { get; init; }

    public DateOnly Day { get; init; }

    /// <summary>Makes the key of a record, with the columns that these groupings need, so the database groups by no others.</summary>
    public static Expression<Func<UsageRecord, RecordKey>> Of(IEnumerable<UsageGrouping> groupings)
    {
        var record = Expression.Parameter(typeof(UsageRecord), "record");
        var members = groupings.Select(ColumnOf).Distinct(StringComparer.Ordinal)
            .Select(name => Expression.Bind(typeof(RecordKey).GetProperty(name)!, Expression.Property(record, name)));
        return Expression.Lambda<Func<UsageRecord, RecordKey>>(Expression.MemberInit(Expression.New(typeof(RecordKey)), members), record);
    }

    private static string ColumnOf(UsageGrouping grouping) => grouping switch
    {
        UsageGrouping.User => nameof(UserId),
        UsageGrouping.Model => nameof(Model),
        UsageGrouping.Provider => nameof(Provider),
        UsageGrouping.Key or UsageGrouping.Tag => nameof(ApiKeyId),
        UsageGrouping.Day => nameof(Day),
        UsageGrouping.EndUser => nameof(EndUser),
        _ => nameof(ChargeSet),
    };
}
