using System.Globalization;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>A span that a receiver got.</summary>
/// <param name="Source">The source.</param>
/// <param name="TraceId">Its trace.</param>
/// <param name="Id">Its id.</param>
/// <param name="ParentId">The id of its parent; empty: none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">2: server, 3: client.</param>
/// <param name="Attributes">Its attributes, each value as text.</param>
/// <param name="LinkedTraces">The traces that it links to.</param>
/// <param name="IsError">Whether its status is an error.</param>
internal sealed record SeenSpan(
    string Source, string TraceId, string Id, string ParentId, string Name, int Kind,
    IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> LinkedTraces, bool IsError);

/// <summary>A log entry that a receiver got.</summary>
internal sealed record SeenLog(string TraceId, string SpanId, string Body, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A metric that a receiver got.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Attributes">The names of the attributes of its time series.</param>
internal sealed record SeenMetric(string Name, string Unit, IReadOnlySet<string> Attributes);

/// <summary>Reads the requests of OpenTelemetry's protocol. The numbers are those of its public definition.</summary>
internal static class OtlpMessages
{
    private const ulong Error = 2;

    public static IEnumerable<SeenSpan> Spans(byte[] body) =>
        from scope in Scopes(body)
        from span in scope.Messages(2)
        select new SeenSpan(
            scope.Message(1)?.Text(1) ?? "",
            span.Hex(1),
            span.Hex(2),
            span.Hex(4),
            span.Text(5),
            (int)span.Number(6),
            Attributes(span, 9),
            [.. span.Messages(13).Select(link => link.Hex(1))],
            span.Message(15)?.Number(3) == Error);

    public static IEnumerable<SeenLog> Logs(byte[] body) =>
        from scope in Scopes(body)
        from log in scope.Messages(2)
        select new SeenLog(log.Hex(9), log.Hex(10), Value(log.Message(5)), Attributes(log, 6));

    public static IEnumerable<SeenMetric> Metrics(byte[] body) =>
        from scope in Scopes(body)
        from metric in scope.Messages(2)
        select new SeenMetric(metric.Text(1), metric.Text(3), AttributeNames(metric));

    /// <summary>The attributes of the sender.</summary>
    public static IReadOnlyDictionary<string, string> Resource(byte[] body) =>
        ProtobufMessage.Parse(body).Messages(1).Select(each => Attributes(each.Message(1)!, 1)).First();

    private static IEnumerable<ProtobufMessage> Scopes(byte[] body) =>
        ProtobufMessage.Parse(body).Messages(1).SelectMany(resource => resource.Messages(2));

    // A gauge and a sum have numbers, whose attributes are field 7; those of a histogram's points are field 9.
    private static HashSet<string> AttributeNames(ProtobufMessage metric) =>
    [
        .. new[] { 5, 7 }.SelectMany(metric.Messages).SelectMany(kind => kind.Messages(1)).SelectMany(point => point.Messages(7)).Select(each => each.Text(1)),
        .. metric.Messages(9).SelectMany(kind => kind.Messages(1)).SelectMany(point => point.Messages(9)).Select(each => each.Text(1)),
    ];

    private static Dictionary<string, string> Attributes(ProtobufMessage owner, int field) =>
        owner.Messages(field).ToDictionary(each => each.Text(1), each => Value(each.Message(2)), StringComparer.Ordinal);

    private static string Value(ProtobufMessage? value)
    {
        if (value is null) return "";
        if (value.Has(1)) return value.Text(1);
        if (value.Has(2)) return value.Number(2) == 1 ? "true" : "false";
        if (value.Has(3)) return ((long)value.Number(3)).ToString(CultureInfo.InvariantCulture);
        if (value.Has(4)) return BitConverter.UInt64BitsToDouble(value.Number(4)).ToString(CultureInfo.InvariantCulture);
        return value.Message(5) is { } list ? string.Join(',', list.Messages(1).Select(Value)) : "";
    }
}
