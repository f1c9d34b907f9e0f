using System.Diagnostics.Metrics;
using System.Threading.Channels;
using AiGateway.Domain;

namespace AiGateway.Application.Alerts;

/// <summary>What this process noticed. The sender of alerts takes it, and is woken when something is to be sent.</summary>
/// <param name="time">The clock.</param>
/// <param name="meter">Counts the alerts; null: they are not counted.</param>
public sealed class AlertFeed(TimeProvider time, Meter? meter = null)
{
    private readonly AlertCounts _counts = new(meter);
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Requests that expired or ended with an unknown outcome.</summary>
    public TroubledRecords Records { get; } = new(time);

    /// <summary>Providers that refuse the account of the gateway.</summary>
    public ProviderOutages Providers { get; } = new(time);

    /// <summary>Counts an alert that was written.</summary>
    public void Written(AlertKind kind) => _counts.Add(kind);

    /// <summary>Something is to be sent.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <summary>Waits until something is to be sent.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);
}

/// <summary>How an account of a provider fails.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model that fails; empty: every model.</param>
/// <param name="Problem">What is wrong; null: it works again.</param>
/// <param name="At">When it was noticed.</param>
public readonly record struct ProviderOutage(string Provider, string Model, AlertProblem? Problem, DateTimeOffset At);

/// <summary>Requests that ended in trouble, gathered over a while.</summary>
/// <param name="Problem">How they ended.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The first ones.</param>
/// <param name="At">When they are told.</param>
public sealed record RecordTrouble(AlertProblem Problem, long Count, IReadOnlyList<TroubledRecord> First, DateTimeOffset At);

/// <summary>A request that ended in trouble.</summary>
/// <param name="Id">Its id; null: not known here.</param>
/// <param name="UserId">Its user, where the id is not known.</param>
/// <param name="At">When it came, where the id is not known.</param>
public readonly record struct TroubledRecord(Guid? Id, Guid UserId, DateTimeOffset At);
