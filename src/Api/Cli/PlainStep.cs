using System.Globalization;
using AiGateway.Application.Progress;
using Spectre.Console;

namespace AiGateway.Api.Cli;

/// <summary>A step whose progress is told in plain lines. A step that ends soon tells nothing.</summary>
internal sealed class PlainStep : IWorkStep
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly long? _total;
    private readonly long _start;
    private readonly ITimer _timer;
    private long _done;

    public PlainStep(IAnsiConsole console, TimeProvider time, string name, long? total)
    {
        (_console, _time, _name, _total, _start) = (console, time, name, total, time.GetTimestamp());
        _timer = time.CreateTimer(static step => ((PlainStep)step!).Tell(), this, Interval, Interval);
    }

    public void Advance(long done = 1) => Interlocked.Add(ref _done, done);

    public void Dispose() => _timer.Dispose();

    private void Tell()
    {
        var (done, elapsed) = (Interlocked.Read(ref _done), _time.GetElapsedTime(_start));
        _console.Profile.Out.Writer.WriteLine(_total is > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{_name}: {done} of {_total} ({done * 100 / _total} %){Left(done, elapsed)}")
            : string.Create(CultureInfo.InvariantCulture, $"{_name}: {elapsed.TotalSeconds:0} s so far"));
    }

    private string Left(long done, TimeSpan elapsed) => done == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", about {Math.Ceiling(elapsed.TotalSeconds * (_total!.Value - done) / done):0} s left");
}
