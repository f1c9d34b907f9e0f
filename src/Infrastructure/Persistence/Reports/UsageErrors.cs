using AiGateway.Domain;

namespace AiGateway.Infrastructure.Persistence.Reports;

/// <summary>Which records a sum counts, and which of them as errors.</summary>
internal static class UsageErrors
{
    /// <summary>The only error code that is no error of a report: the caller left.</summary>
    public static readonly string CallerLeft = ErrorCode.ClientClosedRequest.ToName();

    /// <summary>All records but the released ones; of these the errors.</summary>
    public static IQueryable<UsageRecord> Counted(this IQueryable<UsageRecord> records) => records.Where(record =>
        record.Status != UsageStatus.Released || (record.ErrorCode != null && record.ErrorCode != CallerLeft));

    /// <summary>The errors of a report.</summary>
    public static IQueryable<UsageRecord> Errors(this IQueryable<UsageRecord> records) =>
        records.Where(record => record.ErrorCode != null && record.ErrorCode != CallerLeft);

    /// <summary>The records that ended without an error, whose latency a report has.</summary>
    public static IQueryable<UsageRecord> Answered(this IQueryable<UsageRecord> records) =>
        records.Where(record => record.ErrorCode == null && record.LatencyMs != null);

    /// <summary>Whether it is an error of a report.</summary>
    public static bool IsError(UsageRecord record) => record.ErrorCode is { } code && code != CallerLeft;
}
