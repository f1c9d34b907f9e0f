using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Reports;

/// <summary>
/// A report as a file to download. Rows are written as they come, so memory does not grow with the report. A failure after the
/// first rows cuts the connection, so no client takes a part for the whole.
/// </summary>
/// <param name="rows">The rows.</param>
/// <param name="format">CSV or JSON Lines.</param>
/// <param name="name">The file's name, without its extension.</param>
internal sealed class ReportResult<TRow>(IAsyncEnumerable<TRow> rows, ReportFormat format, string name) : IActionResult
{
    private const int FlushCharacters = 32 * 1024;

    /// <summary>The columns of CSV.</summary>
    public required IReadOnlyList<ReportColumn<TRow>> Columns { get; init; }

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var (http, isCsv) = (context.HttpContext, format == ReportFormat.Csv);
        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        var text = new StringBuilder();
        if (isCsv) CsvText.AppendLine(text, Columns.Select(column => column.Name));
        await using var each = rows.GetAsyncEnumerator(http.RequestAborted);

        // The first row is read before the headers are sent: until then a failure is a reply of its own.
        var hasRow = await each.MoveNextAsync();
        WriteHeaders(http.Response, isCsv);
        while (hasRow)
        {
            if (isCsv) CsvText.AppendLine(text, Columns.Select(column => column.Value(each.Current)));
            else text.Append(JsonSerializer.Serialize(each.Current, json)).Append('\n');
            if (text.Length >= FlushCharacters) await FlushAsync(http, text);
            hasRow = await each.MoveNextAsync();
        }

        await FlushAsync(http, text);
    }

    private void WriteHeaders(HttpResponse response, bool isCsv)
    {
        response.ContentType = isCsv ? "text/csv; charset=utf-8; header=present" : "application/jsonl";
        response.Headers[HeaderNames.ContentDisposition] = $"attachment; filename=\"{name}.{(isCsv ? "csv" : "jsonl")}\"";
        response.Headers.CacheControl = "no-store";
    }

    private static async Task FlushAsync(HttpContext http, StringBuilder text)
    {
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
        text.Clear();
    }
}
