using System.Text.Json;

namespace AiGateway.Api.Reports;

/// <summary>A column of a report in CSV.</summary>
/// <param name="Name">Its name in the header line.</param>
/// <param name="Value">Its cell for a row.</param>
internal sealed record ReportColumn<TRow>(string Name, Func<TRow, object?> Value);

internal static class ReportColumns
{
    /// <summary>A column for each member, named as in JSON.</summary>
    public static IEnumerable<ReportColumn<TRow>> OfMembers<TRow>() => typeof(TRow).GetProperties()
        .Select(member => new ReportColumn<TRow>(JsonNamingPolicy.CamelCase.ConvertName(member.Name), row => member.GetValue(row)));
}
