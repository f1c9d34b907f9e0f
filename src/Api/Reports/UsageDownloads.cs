using System.Globalization;
using AiGateway.Api.Contracts;
using AiGateway.Api.Http;
using AiGateway.Domain;
using AutoMapper;

namespace AiGateway.Api.Reports;

/// <summary>The reports of usage as files.</summary>
internal static class UsageDownloads
{
    private const string Attempts = "attempts";

    /// <summary>Sums, one row a group. CSV has a column for each property.</summary>
    public static ReportResult<UsageSumResponse> ToFile(UsageSumListResponse report, ReportFormat format, HttpContext context)
    {
        var names = report.GroupBy.Split(',');
        return new(report.Items.ToAsyncEnumerable(), format, $"usage-by-{string.Join('-', names)}-{DayOf(context)}")
        {
            Columns =
            [
                .. names.Select(name => new ReportColumn<UsageSumResponse>(name, sum => sum.Groups[name])),
                new("requests", sum => sum.Requests),
                new("promptTokens", sum => sum.PromptTokens),
                new("completionTokens", sum => sum.CompletionTokens),
                new("totalTokens", sum => sum.TotalTokens),
                new("costUsd", sum => sum.CostUsd),
                new("heldUsd", sum => sum.HeldUsd),
                new("errors", sum => sum.Errors),
                new("meanLatencyMs", sum => sum.MeanLatencyMs),
            ],
        };
    }

    /// <summary>Records, newest first. CSV has the number of attempts in place of the attempts.</summary>
    public static ReportResult<UsageItemResponse> ToFile(
        IAsyncEnumerable<UsageRecord> records, ReportFormat format, HttpContext context, IMapper mapper) =>
        new(records.Select(mapper.Map<UsageItemResponse>), format, $"usage-records-{DayOf(context)}")
        {
            Columns =
            [
                .. ReportColumns.OfMembers<UsageItemResponse>()
                    .Select(column => column.Name == Attempts ? new(Attempts, item => item.Attempts.Count) : column),
            ],
        };

    private static string DayOf(HttpContext context) => context.Identity().ReceivedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
