using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>Without a destination, nothing is measured. It runs alone: others of this process listen to spans.</summary>
[NonParallelizable]
internal sealed class OffTests
{
    [Test]
    public async Task Gateway_WithoutADestination_HasNoListenerAndCreatesNoSpan()
    {
        var watch = new SpanWatch();
        await using var gateway = await GatewayHost.StartChangedAsync(services => services.AddSingleton<ILoggerProvider>(watch));

        var reply = await gateway.Admin.GenerateAsync();

        reply.Expect(200);
        Assert.That(gateway.Services.GetService<MeterProvider>(), Is.Null);
        Assert.That(gateway.Services.GetService<TracerProvider>(), Is.Null);
        Assert.That(watch.Spans, Is.Not.Empty.And.All.Null, "the span of each log line");
        Assert.That(gateway.Provider.Seen.Single().Headers.Keys, Has.No.Member("traceparent"));
        foreach (var name in new[] { "AiGateway", "Microsoft.AspNetCore", "System.Net.Http" })
        {
            using var source = new ActivitySource(name);
            using var meter = new Meter(name);
            Assert.That((source.HasListeners(), meter.CreateCounter<long>("probe").Enabled), Is.EqualTo((false, false)), name);
        }
    }

    /// <summary>Keeps the current span of each log line of a request.</summary>
    private sealed class SpanWatch : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<Activity?> _spans = new();

        public IReadOnlyCollection<Activity?> Spans => _spans;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).Contains("nano-USD", StringComparison.Ordinal)) _spans.Enqueue(Activity.Current);
        }

        public void Dispose()
        {
        }
    }
}
