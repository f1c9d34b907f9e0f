using AiGateway.Application.Progress;
using Spectre.Console;

namespace AiGateway.Api.Cli;

/// <summary>
/// Shows the progress of a command on standard error, because standard output is its answer: bars with the time left on a
/// terminal, elsewhere a plain line every 10 s.
/// </summary>
internal sealed class CommandProgress(IAnsiConsole console, TimeProvider time) : IWorkProgress
{
    private ProgressContext? _bars;

    /// <summary>Has a command show its progress. A gateway that serves shows none.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var progress = OfProcess();
        services.AddSingleton(progress).AddSingleton<IWorkProgress>(progress);
    }

    /// <summary>The progress of this process.</summary>
    public static CommandProgress OfProcess() => new(
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), TimeProvider.System);

    /// <summary>Runs work and shows its steps meanwhile.</summary>
    public Task<TResult> ShowAsync<TResult>(Func<Task<TResult>> work) => console.Profile.Out.IsTerminal && console.Profile.Capabilities.Interactive
        ? console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .StartAsync(bars => RunAsync(bars, work))
        : work();

    public IWorkStep Begin(string name, long? total = null) =>
        _bars is { } bars ? new Bar(bars, name, total) : new PlainStep(console, time, name, total);

    private async Task<TResult> RunAsync<TResult>(ProgressContext bars, Func<Task<TResult>> work)
    {
        _bars = bars;
        try
        {
            return await work();
        }
        finally
        {
            _bars = null;
        }
    }

    private sealed class Bar : IWorkStep
    {
        private readonly ProgressTask _task;

        public Bar(ProgressContext bars, string name, long? total)
        {
            _task = bars.AddTask(Markup.Escape(name), maxValue: Math.Max(1, total ?? 1));
            _task.IsIndeterminate = total is null;
        }

        public void Advance(long done = 1) => _task.Increment(done);

        public void Dispose() => _task.StopTask();
    }
}
