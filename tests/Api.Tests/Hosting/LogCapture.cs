using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>One log line: the message as written, with its scopes and exception.</summary>
internal sealed record LogLine(
    LogLevel Level, string Category, string Message, IReadOnlyDictionary<string, object?> Values, string Scopes, string? Exception)
{
    public string Everything => $"{Category} {Message} {string.Join(' ', Values.Values)} {Scopes} {Exception}";
}

/// <summary>Keeps every log line that the configured levels let through.</summary>
internal sealed class LogCapture : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyList<LogLine> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() { }

    private static Dictionary<string, object?> ValuesOf(object? state)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? []) values[name] = value;
        return values;
    }

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => capture._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            capture._scopes.ForEachScope((scope, seen) => seen.Add($"{scope}"), scopes);
            capture._lines.Enqueue(new LogLine(
                logLevel, category, formatter(state, exception), ValuesOf(state), string.Join(' ', scopes), exception?.ToString()));
        }
    }
}
