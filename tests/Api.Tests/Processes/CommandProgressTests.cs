using System.Text;
using AiGateway.Api.Cli;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Spectre.Console.Testing;

namespace AiGateway.Api.Tests.Processes;

/// <summary>How commands show their progress: bars on a terminal, plain lines elsewhere.</summary>
internal sealed class CommandProgressTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task Step_OnATerminal_IsABarWithItsShare()
    {
        using var console = Terminal();
        var progress = new CommandProgress(console, _time);

        var result = await progress.ShowAsync(() => Task.FromResult(Work(progress, "Remove [all] records", total: 4, done: 4)));

        Assert.That(result, Is.EqualTo(7));
        Assert.That(console.Output, Does.Contain("Remove [all] records").And.Contain("100%"));
    }

    [Test]
    public async Task Step_OnATerminal_ThatFails_ThrowsItsFailure()
    {
        using var console = Terminal();
        var progress = new CommandProgress(console, _time);

        await Assert.ThrowsAsync<InvalidOperationException>(() => progress.ShowAsync<int>(() => throw new InvalidOperationException()));
    }

    [Test]
    public async Task Step_Elsewhere_IsToldInPlainLinesWithAnEstimate()
    {
        using var console = Redirected();
        var progress = new CommandProgress(console, _time);

        await progress.ShowAsync(() =>
        {
            using var step = progress.Begin("Remove the records", 400);
            _time.Advance(TimeSpan.FromSeconds(9));
            step.Advance(100);
            _time.Advance(TimeSpan.FromSeconds(1));
            step.Advance(100);
            _time.Advance(TimeSpan.FromSeconds(10));
            return Task.FromResult(0);
        });

        Assert.That(console.Lines, Is.EqualTo(
            ["Remove the records: 100 of 400 (25 %), about 30 s left", "Remove the records: 200 of 400 (50 %), about 20 s left"]));
    }

    [Test]
    public void Step_ElsewhereWithoutATotal_TellsTheTime()
    {
        using var console = Redirected();

        using (new CommandProgress(console, _time).Begin("Sum the usage records"))
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.That(console.Lines, Is.EqualTo(["Sum the usage records: 10 s so far", "Sum the usage records: 20 s so far"]));
    }

    [Test]
    public void Step_Elsewhere_ThatEndsSoon_TellsNothing()
    {
        using var console = Redirected();

        Work(new CommandProgress(console, _time), "Check the file", total: null, done: 5);

        Assert.That(console.Output, Is.Empty);
    }

    private static TestConsole Terminal()
    {
        var console = new TestConsole().Interactive().SupportsAnsi(true);
        console.Profile.Out = new TerminalOutput(console.Profile.Out.Writer);
        return console;
    }

    private static TestConsole Redirected() => new TestConsole().Width(200);

    private static int Work(CommandProgress progress, string name, long? total, long done)
    {
        using var step = progress.Begin(name, total);
        step.Advance(done);
        return 7;
    }

    private sealed class TerminalOutput(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer { get; } = writer;

        public bool IsTerminal => true;

        public int Width => 120;

        public int Height => 40;

        public void SetEncoding(Encoding encoding)
        {
            // The test reads characters.
        }
    }
}
