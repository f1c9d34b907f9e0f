using AiGateway.Domain;

namespace AiGateway.Api.Reports;

/// <summary>The format of a report.</summary>
internal enum ReportFormat
{
    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>RFC 4180, with a header line.</summary>
    Csv,

    /// <summary>JSON Lines: one JSON object a line.</summary>
    Jsonl,
}

internal static class ReportFormats
{
    /// <summary>Reads <c>json</c>, <c>csv</c> or <c>jsonl</c>; the case does not matter.</summary>
    /// <exception cref="InvalidRequestException">It is another word.</exception>
    public static ReportFormat Parse(string text) => text.ToLowerInvariant() switch
    {
        "json" => ReportFormat.Json,
        "csv" => ReportFormat.Csv,
        "jsonl" => ReportFormat.Jsonl,
        _ => throw new InvalidRequestException("format", "must be json, csv or jsonl"),
    };
}
