using AiGateway.Api.Contracts.Statements;

namespace AiGateway.Api.Reports;

/// <summary>The statement of a team as a file: one row for each project, user, key and model.</summary>
internal static class StatementDownload
{
    public static ReportResult<StatementRowResponse> ToFile(StatementResponse statement, ReportFormat format) =>
        new(statement.Rows.ToAsyncEnumerable(), format, $"statement-{statement.TeamId}-{statement.Month}")
        {
            Columns =
            [
                new("month", _ => statement.Month),
                new("timeZone", _ => statement.TimeZone),
                new("preliminary", _ => statement.Preliminary),
                new("teamId", _ => statement.TeamId),
                new("team", _ => statement.Team),
                .. ReportColumns.OfMembers<StatementRowResponse>(),
            ],
        };
}
