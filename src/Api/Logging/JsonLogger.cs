using System.Text.Json;

namespace AiGateway.Api.Logging;

/// <summary>The logger of one category.</summary>
internal sealed class JsonLogger(string category, JsonLogProvider provider) : ILogger
{
    private readonly JsonEncodedText _category = JsonLine.Encode(category);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        provider.Write(_category, logLevel, eventId, state, exception, formatter);
}
