namespace AiGateway.Application.Progress;

/// <summary>Tells an operator how far a long command is.</summary>
public interface IWorkProgress
{
    /// <summary>Begins a step. Dispose it when the step has ended, also by a failure.</summary>
    /// <param name="name">What is done, such as <c>Check the audit log</c>.</param>
    /// <param name="total">Its units of work; null: not known.</param>
    IWorkStep Begin(string name, long? total = null);
}

/// <summary>One step of a command.</summary>
public interface IWorkStep : IDisposable
{
    /// <summary>More units of its work are done.</summary>
    void Advance(long done = 1);
}

/// <summary>The progress of work that nobody watches.</summary>
public sealed class UnseenProgress : IWorkProgress, IWorkStep
{
    /// <summary>The only instance.</summary>
    public static readonly UnseenProgress Instance = new();

    private UnseenProgress()
    {
    }

    /// <inheritdoc/>
    public IWorkStep Begin(string name, long? total = null) => this;

    /// <inheritdoc/>
    public void Advance(long done = 1)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
