using AiGateway.Application.Alerts;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>
/// The one writer of the ledger. On a thread of its own it takes all waiting operations, writes them in one transaction,
/// commits, and then answers. Concurrent requests share a commit. A request awaits its hold, and its settlement only where
/// <see cref="HoldDecision.AwaitSettlement"/> says so.
/// </summary>
internal sealed partial class LedgerWriter : IHostedService, IDisposable
{
    /// <summary>How long a graceful stop keeps writing, and waits for settlements of cut streams.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    private readonly LedgerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<LedgerWriter> _logger;
    private readonly LedgerQueue _queue;
    private readonly LedgerSession _session;
    private readonly LedgerBackOff _backOff;
    private readonly LedgerOutage _outage;
    private readonly HoldLeases _live;
    private readonly LedgerCompletions _completions = new();
    private readonly LedgerTimeouts _timeouts;
    private readonly LedgerMetrics? _metrics;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _renewTimer;
    private ITimer? _sweepTimer;
    private bool _isRenewalDue;
    private bool _isSweepDue = true;
    private volatile bool _isStopping;

    public LedgerWriter(
        ILedgerDialect dialect, LedgerSettings settings, QuotaLimits defaultLimits, TimeProvider time, ILogger<LedgerWriter> logger,
        AlertFeed? feed = null, LedgerMetrics? metrics = null)
    {
        _settings = settings;
        _time = time;
        _logger = logger;
        _queue = new LedgerQueue(settings.QueueCapacity);
        _session = new LedgerSession(dialect, new LedgerPosting(defaultLimits, settings, dialect.IsShared, feed), time, logger);
        _backOff = new LedgerBackOff(time);
        _outage = new LedgerOutage(logger);
        _live = new HoldLeases(settings.HoldLease / 3);
        _timeouts = new LedgerTimeouts(_queue, settings.CommitTimeout, time, logger);
        _metrics = metrics;
        _metrics?.Watch(() => _queue.Depth, () => _live.Count);
    }

    /// <summary>No further hold can arrive, and none is open.</summary>
    private bool IsDone => _isStopping && _live.IsEmpty;

    /// <summary>False when the queue is full or the gateway stops.</summary>
    public bool TryAdd(HoldOperation hold) => _queue.TryAdd(hold);

    /// <summary>False when the gateway has stopped.</summary>
    public bool TryAdd(SettleOperation settlement) => _queue.TryAdd(settlement);

    /// <summary>False when the gateway has stopped.</summary>
    public bool TryAdd(RaiseOperation raise) => _queue.TryAdd(raise);

    /// <summary>Completes when every queued settlement is written, or has waited as long as it may.</summary>
    public Task FlushAsync()
    {
        var unwritten = _queue.FindUnwritten();
        if (unwritten.Count == 0) return Task.CompletedTask;
        _queue.Wake();
        return Task.WhenAll(unwritten);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Run) { IsBackground = true, Name = "ledger" }.Start();
        _renewTimer = _time.CreateTimer(_ => Mark(ref _isRenewalDue), null, _settings.HoldLease / 3, _settings.HoldLease / 3);
        _sweepTimer = _time.CreateTimer(_ => Mark(ref _isSweepDue), null, _settings.HoldLease / 4, _settings.HoldLease / 4);
        _timeouts.Start();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Writes queued operations and waits for the settlement of every open hold. The host's token does not bound the wait:
    /// when the time for a stream is up, the server cuts it, and its settlement follows.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_sweepTimer is null) return;
        _isStopping = true;
        _queue.Close();
        try
        {
            await _settled.Task.WaitAsync(DrainTime, _time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await _giveUp.CancelAsync();
            _queue.Wake();
        }
    }

    /// <summary>Ends without draining; open holds stay until their leases run out.</summary>
    public void Dispose()
    {
        _renewTimer?.Dispose();
        _sweepTimer?.Dispose();
        _timeouts.Dispose();
        _giveUp.Cancel();
        _queue.Wake();
    }

    private void Mark(ref bool isDue)
    {
        Volatile.Write(ref isDue, true);
        _queue.Wake();
    }

    private void Run()
    {
        var work = new LedgerBatch();
        while (!_giveUp.IsCancellationRequested)
        {
            Collect(work);
            if (work.Count > 0) Write(work);
            else if (IsDone && _queue.TryEnd()) break;
            _completions.Send();
            _queue.Finish(work);
            _backOff.Wait(_giveUp.Token);
        }

        _session.Close();
        var (holds, settlements) = _queue.End();
        foreach (var hold in holds)
        {
            hold.Failure = new LedgerUnavailableException();
            _completions.Add(hold);
        }

        _completions.Send();
        if (settlements > 0) Log.Left(_logger, settlements);
        _settled.TrySetResult();
    }

    private void Collect(LedgerBatch work)
    {
        _queue.Take(work, _settings.BatchSize, wait: !IsDone && !_isRenewalDue && !_isSweepDue);
        if (!IsDone) CollectLeases(work);
    }

    /// <summary>A sweep first renews the leases of this process: after a long pause they would look expired.</summary>
    private void CollectLeases(LedgerBatch work)
    {
        var isSweepDue = Interlocked.Exchange(ref _isSweepDue, false);
        if (!Interlocked.Exchange(ref _isRenewalDue, false) && !isSweepDue) return;
        if (_live.AddDue(work.Renewals, _time.GetUtcNow(), _settings.BatchSize))
        {
            work.Sweep = isSweepDue;
            return;
        }

        _isRenewalDue = true;
        if (isSweepDue) _isSweepDue = true;
    }

    private void Write(LedgerBatch work)
    {
        var outcome = WriteMeasured(work);
        if (work.Count > 1 && outcome is LedgerOutcome.Refused or LedgerOutcome.Unavailable && _session.HadBegun) WriteOneByOne(work);
        else Conclude(work, outcome);
    }

    private LedgerOutcome WriteMeasured(LedgerBatch work)
    {
        if (_metrics is null) return _session.Write(work);
        var startedAt = _time.GetTimestamp();
        var outcome = _session.Write(work);
        if (outcome == LedgerOutcome.Written) _metrics.Committed(work.Operations, work.Expired, _time.GetElapsedTime(startedAt));
        return outcome;
    }

    /// <summary>One rejected operation must not fail the others.</summary>
    private void WriteOneByOne(LedgerBatch work)
    {
        LedgerBatch? stopped = null;
        var why = LedgerOutcome.Written;
        foreach (var part in work.Split())
        {
            if (stopped is not null)
            {
                PutOff(part, mayBeWritten: false);
                continue;
            }

            why = WriteMeasured(part);
            if (why is LedgerOutcome.Written or LedgerOutcome.Refused) Conclude(part, why);
            else stopped = part;
        }

        // Behind the others, because it must not block them next time.
        if (stopped is not null) Conclude(stopped, why);
    }

    private void Conclude(LedgerBatch work, LedgerOutcome outcome)
    {
        switch (outcome)
        {
            case LedgerOutcome.Written:
                _backOff.Reset();
                _outage.End();
                Complete(work);
                break;
            case LedgerOutcome.Refused:
                _backOff.Reset();
                Log.Refused(_logger, work.OnlyRequestId, _session.Failure!);
                Refuse(work);
                break;
            default:
                _backOff.Lengthen();
                _outage.Tell(work.Holds.Count, work.Settlements.Count, _session.Failure!);
                PutOff(work, mayBeWritten: outcome == LedgerOutcome.Unknown);
                break;
        }
    }

    private void Complete(LedgerBatch work)
    {
        var now = _time.GetUtcNow();
        if (work.Sweep && work.SweepIsUnfinished) _isSweepDue = true;
        foreach (var id in work.Renewals) _live.Renewed(id, now);
        foreach (var settlement in work.Settlements) End(settlement);
        foreach (var raise in work.Raises) _completions.Add(raise);
        foreach (var hold in work.Holds)
        {
            if (hold.Decision.IsGranted) _live.Add(hold.Hold.RequestId, now);
            if (hold.TryFinish()) _completions.Add(hold);
            else if (hold.Decision.IsGranted) KeepRelease(hold, hold.LeftBecause);
        }
    }

    /// <summary>A single operation that can never succeed.</summary>
    private void Refuse(LedgerBatch work)
    {
        foreach (var settlement in work.Settlements) End(settlement);
        foreach (var raise in work.Raises) Refuse(raise);
        foreach (var hold in work.Holds)
        {
            Fail(hold, _session.Fault == LedgerFault.DuplicateRequest
                ? new AiGatewayException(ErrorCode.Conflict, "A request with this id is already recorded. The request was not sent to a provider.", _session.Failure)
                : new AiGatewayException(ErrorCode.InternalError, "The request could not be recorded. The request was not sent to a provider. The log shows the cause.", _session.Failure));
        }
    }

    /// <summary>The database is unavailable: settlements wait, holds are refused.</summary>
    private void PutOff(LedgerBatch work, bool mayBeWritten)
    {
        if (work.Renewals.Count > 0) _isRenewalDue = true;
        if (work.Sweep) _isSweepDue = true;
        foreach (var settlement in work.Settlements) _queue.Keep(settlement);
        foreach (var raise in work.Raises) Refuse(raise);
        foreach (var hold in work.Holds)
        {
            Fail(hold, new LedgerUnavailableException());
            if (mayBeWritten && hold.Decision.IsGranted) KeepRelease(hold, ErrorCode.LedgerUnavailable);
        }
    }

    private void End(SettleOperation settlement)
    {
        _live.Remove(settlement.Settlement.RequestId);
        _completions.Add(settlement);
    }

    private void Refuse(RaiseOperation raise)
    {
        raise.IsGranted = false;
        _completions.Add(raise);
    }

    private void Fail(HoldOperation hold, Exception failure)
    {
        if (!hold.TryFinish()) return;
        hold.Failure = failure;
        _completions.Add(hold);
    }

    /// <summary>Releases a hold, written or possibly written, of a request that does not continue.</summary>
    private void KeepRelease(HoldOperation hold, ErrorCode because)
    {
        var release = new Settlement
        {
            RequestId = hold.Hold.RequestId,
            Status = UsageStatus.Released,
            Error = because,
            Latency = _time.GetUtcNow() - hold.Hold.At,
        };
        _queue.Keep(new SettleOperation(release, _time.GetTimestamp()));
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Error, "Ledger operation for request {RequestId} was rejected and skipped")]
        public static partial void Refused(ILogger logger, Guid? requestId, Exception failure);

        [LoggerMessage(3, LogLevel.Critical, "The ledger stopped with {Settlements} settlements unwritten: their holds will expire and be charged at their maximum cost")]
        public static partial void Left(ILogger logger, int settlements);
    }
}
