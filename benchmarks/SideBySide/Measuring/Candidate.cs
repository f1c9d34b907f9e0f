using AiGateway.SideBySide.Targets;

namespace AiGateway.SideBySide.Measuring;

/// <summary>A column of the table: how its process is started, and its samples.</summary>
/// <param name="name">The name of the column. The committed table is compared by it.</param>
/// <param name="start">Starts a process on the candidate's own database.</param>
internal sealed class Candidate(string name, Func<Task<Target>> start) : IDisposable
{
    private Target? _target;

    public string Name { get; } = name;

    public Samples Samples { get; } = new();

    /// <summary>Whether the candidate serves another one. It is then not measured by itself, except as the direct call.</summary>
    public bool IsUpstream { get; init; }

    /// <summary>The PostgreSQL server of the ledger; null for none.</summary>
    public Testing.PostgresServer? Postgres { get; init; }

    /// <summary>Creates what the load needs and returns its key; null if the key of the target will do.</summary>
    public Func<Target, Task<string>>? Prepare { get; init; }

    /// <summary>The key of the load; null for none.</summary>
    public string? Key { get; private set; }

    /// <summary>The process for all measurements but the cold start.</summary>
    public Target Target => _target ?? throw new InvalidOperationException($"{Name} is not started.");

    /// <summary>Starts a process that the caller disposes.</summary>
    public Task<Target> StartAnotherAsync() => start();

    /// <summary>Starts the process for the measurements.</summary>
    public async Task StartAsync()
    {
        _target = await start();
        Key = Prepare is null ? _target.Key : await Prepare(_target);
    }

    /// <inheritdoc/>
    public void Dispose() => _target?.Dispose();
}
