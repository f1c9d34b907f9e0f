using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiGateway.Api.Logging;

/// <summary>
/// One log entry as a line of JSON. Its members are those of the framework's JSON console:
/// Timestamp, EventId, LogLevel, Category, Message, Exception, State, Scopes.
/// </summary>
internal sealed class JsonLine : IDisposable
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private const int FirstBytes = 2 * 1024;
    private const int MostBytesKept = 64 * 1024;

    // A line for terminals and programs, never put into HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly string[] Levels = Enum.GetNames<LogLevel>();

    private static readonly ThreadLocal<JsonLine> OfThread = new(static () => new JsonLine());

    private readonly ArrayBufferWriter<byte> _buffer = new(FirstBytes);
    private readonly Utf8JsonWriter _json;

    private JsonLine() => _json = new Utf8JsonWriter(_buffer, Options);

    /// <summary>A text that many lines hold, encoded once.</summary>
    public static JsonEncodedText Encode(string text) => JsonEncodedText.Encode(text, Options.Encoder);

    /// <summary>Begins a line in the thread's buffer. The thread ends it before it begins another.</summary>
    public static JsonLine Begin(DateTimeOffset at, LogLevel level, JsonEncodedText category, int eventId, string message)
    {
        var line = OfThread.Value!;
        if (line._buffer.Capacity > MostBytesKept)
        {
            line.Dispose();
            OfThread.Value = line = new JsonLine();
        }

        line._buffer.ResetWrittenCount();
        line._json.Reset();
        line.WriteHead(at, level, category, eventId, message);
        return line;
    }

    public void AddException(Exception? exception)
    {
        if (exception is not null) _json.WriteString("Exception"u8, exception.ToString());
    }

    public void AddState(IReadOnlyList<KeyValuePair<string, object?>>? state)
    {
        if (state is null) return;
        _json.WritePropertyName("State"u8);
        WriteObject(state);
    }

    /// <param name="scopes">The scopes of the entry.</param>
    /// <param name="span">The span of the entry, which is written like a scope; null: none.</param>
    public void AddScopes(IExternalScopeProvider scopes, Activity? span)
    {
        _json.WriteStartArray("Scopes"u8);
        if (span is not null) WriteSpan(span);
        scopes.ForEachScope(static (scope, line) => line.WriteScope(scope), this);
        _json.WriteEndArray();
    }

    /// <summary>The whole line. It is the thread's next line's memory, too: copy it at once.</summary>
    public ReadOnlyMemory<byte> End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _json.Dispose();

    private void WriteHead(DateTimeOffset at, LogLevel level, JsonEncodedText category, int eventId, string message)
    {
        Span<byte> time = stackalloc byte[TimeFormat.Length];
        at.UtcDateTime.TryFormat(time, out _, TimeFormat, CultureInfo.InvariantCulture);
        _json.WriteStartObject();
        _json.WriteString("Timestamp"u8, time);
        _json.WriteNumber("EventId"u8, eventId);
        _json.WriteString("LogLevel"u8, Levels[(int)level]);
        _json.WriteString("Category"u8, category);
        _json.WriteString("Message"u8, message);
    }

    // The framework writes a span in the same form, but only after it has made a scope of it.
    private void WriteSpan(Activity span)
    {
        _json.WriteStartObject();
        _json.WriteString("SpanId"u8, span.SpanId.ToHexString());
        _json.WriteString("TraceId"u8, span.TraceId.ToHexString());
        _json.WriteString("ParentId"u8, span.ParentSpanId.ToHexString());
        _json.WriteEndObject();
    }

    private void WriteScope(object? scope)
    {
        switch (scope)
        {
            // Nearly every scope is a list: read by index it needs no enumerator.
            case IReadOnlyList<KeyValuePair<string, object?>> members:
                WriteObject(members);
                break;
            case IEnumerable<KeyValuePair<string, object?>> members:
                WriteObject([.. members]);
                break;
            default:
                _json.WriteStringValue(ToText(scope));
                break;
        }
    }

    private void WriteObject(IReadOnlyList<KeyValuePair<string, object?>> members)
    {
        _json.WriteStartObject();
        for (var i = 0; i < members.Count; i++) WriteMember(members[i]);
        _json.WriteEndObject();
    }

    private void WriteMember(KeyValuePair<string, object?> member)
    {
        switch (member.Value)
        {
            case null:
                _json.WriteNull(member.Key);
                break;
            case string text:
                _json.WriteString(member.Key, text);
                break;
            case bool flag:
                _json.WriteBoolean(member.Key, flag);
                break;
            case int number:
                _json.WriteNumber(member.Key, number);
                break;
            case long number:
                _json.WriteNumber(member.Key, number);
                break;
            case double number when double.IsFinite(number):
                _json.WriteNumber(member.Key, number);
                break;
            case decimal number:
                _json.WriteNumber(member.Key, number);
                break;
            case Guid id:
                _json.WriteString(member.Key, id);
                break;
            default:
                _json.WriteString(member.Key, ToText(member.Value));
                break;
        }
    }

    private static string? ToText(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture);
}
