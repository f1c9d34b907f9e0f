using System.Text.Json;
using AiGateway.Api.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiGateway.Api.Tests.Logs;

public sealed partial class JsonLogTests
{
    private const int Threads = 8;
    private const int LinesOfAThread = 2_000;

    [Test]
    public void Entry_WhenWritten_HasTheMembersOfTheFrameworksJsonConsole()
    {
        using var output = new MemoryStream();
        var id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
        using (var factory = ToFactory(output))
        {
            var logger = factory.CreateLogger("Some.Category");
            using (logger.BeginScope(new Dictionary<string, object?> { ["RequestId"] = id }))
            using (logger.BeginScope("plain"))
                Log.Everything(logger, new InvalidOperationException("a fault"), "line\nbreak", id, 7, 1.5, true, null);
        }

        var line = JsonDocument.Parse(ToLines(output).Single()).RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(line.GetProperty("Timestamp").GetDateTimeOffset(), Is.EqualTo(TimeProvider.System.GetUtcNow()).Within(TimeSpan.FromMinutes(1)));
            Assert.That(line.GetProperty("Timestamp").GetString(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"));
            Assert.That(line.GetProperty("EventId").GetInt32(), Is.EqualTo(5));
            Assert.That(line.GetProperty("LogLevel").GetString(), Is.EqualTo("Information"));
            Assert.That(line.GetProperty("Category").GetString(), Is.EqualTo("Some.Category"));
            Assert.That(line.GetProperty("Message").GetString(), Does.Contain("line\nbreak"));
            Assert.That(line.GetProperty("Exception").GetString(), Does.Contain("a fault"));
            var state = line.GetProperty("State");
            Assert.That(state.GetProperty("Id").GetGuid(), Is.EqualTo(id));
            Assert.That(state.GetProperty("Count").GetInt32(), Is.EqualTo(7));
            Assert.That(state.GetProperty("Share").GetDouble(), Is.EqualTo(1.5));
            Assert.That(state.GetProperty("Flag").GetBoolean(), Is.True);
            Assert.That(state.GetProperty("Nothing").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(line.GetProperty("Scopes")[0].GetProperty("RequestId").GetGuid(), Is.EqualTo(id));
            Assert.That(line.GetProperty("Scopes")[1].GetString(), Is.EqualTo("plain"));
        });
    }

    [Test]
    public void Entries_WhenManyThreadsLog_AreWholeLinesAndNoneIsLost()
    {
        using var output = new MemoryStream();
        using (var factory = ToFactory(output))
        {
            var logger = factory.CreateLogger("Category");
            Parallel.For(0, Threads, thread =>
            {
                for (var i = 0; i < LinesOfAThread; i++) Log.Count(logger, (thread * LinesOfAThread) + i);
            });
        }

        var counts = ToLines(output).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("State").GetProperty("Count").GetInt32());
        Assert.That(counts, Is.EquivalentTo(Enumerable.Range(0, Threads * LinesOfAThread)));
    }

    [TestCase(LogLevel.Information)]
    [TestCase(LogLevel.Warning)]
    public async Task Entry_WhenNoOtherFollows_IsStillWritten(LogLevel level)
    {
        using var output = new GatedStream();
        output.Open();
        using var factory = ToFactory(output);
        var logger = factory.CreateLogger("Category");

        Log.At(logger, level);

        await output.Written.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task Entries_WhenTheOutputIsNotRead_DoNotBlockAndTheDroppedOnesAreCounted()
    {
        using var output = new GatedStream();
        const int Count = 50_000;
        using (var factory = ToFactory(output))
        {
            var logger = factory.CreateLogger("Category");
            await Task.Run(() =>
            {
                for (var i = 0; i < Count; i++) Log.Count(logger, i);
            }).WaitAsync(TimeSpan.FromSeconds(60));
            output.Open();
        }

        var messages = ToLines(output).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Message").GetString()!).ToList();
        var told = messages.Single(message => message.Contains("dropped", StringComparison.Ordinal));
        Assert.That(int.Parse(told.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(Count - (messages.Count - 1)).And.Positive);
    }

    [Test]
    public void Entries_WhenTheOutputFails_AreDroppedWithoutAnException()
    {
        using var output = new FailingStream();
        using var factory = ToFactory(output);
        var logger = factory.CreateLogger("Category");

        Assert.DoesNotThrow(() =>
        {
            for (var i = 0; i < LinesOfAThread; i++) Log.At(logger, LogLevel.Warning);
        });
    }

    // The container creates the provider, and therefore disposes it with the factory.
    private static ILoggerFactory ToFactory(Stream output) => LoggerFactory.Create(
        logging => logging.Services.AddSingleton<ILoggerProvider>(_ => new JsonLogProvider(output, TimeProvider.System)));

    private static string[] ToLines(MemoryStream output) =>
        System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static partial class Log
    {
        [LoggerMessage(5, LogLevel.Information, "Everything {Text} {Id} {Count} {Share} {Flag} {Nothing}")]
        public static partial void Everything(
            ILogger logger, Exception fault, string text, Guid id, int count, double share, bool flag, string? nothing);

        [LoggerMessage(6, LogLevel.Information, "Number {Count}")]
        public static partial void Count(ILogger logger, int count);

        [LoggerMessage(EventId = 7, Message = "One")]
        public static partial void At(ILogger logger, LogLevel level);
    }

    /// <summary>An output whose writes wait until it is opened.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly ManualResetEventSlim _gate = new();
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;

        public void Open() => _gate.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _gate.Wait();
            base.Write(buffer);
            _written.TrySetResult();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _gate.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class FailingStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("The pipe is closed.");
    }
}
