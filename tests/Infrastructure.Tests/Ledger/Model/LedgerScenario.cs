using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Ledger.Budgets;
using AiGateway.Infrastructure.Tests.Ledger.Writer;

namespace AiGateway.Infrastructure.Tests.Ledger.Model;

/// <summary>Runs a history on a real database and on the model, and compares the two after each step.</summary>
internal sealed class LedgerScenario : IAsyncDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);
    private static readonly LedgerSettings Settings = new() { HoldLease = TimeSpan.FromHours(1) };
    private static readonly QuotaLimits Defaults = new(6, 12, 150);

    private readonly TestLedger _testLedger;
    private readonly BreakableDialect _dialect;
    private readonly SteppedClock _clock;
    private readonly ScopePath _path;
    private readonly LedgerModel _model;
    private readonly LedgerWatch _watch;
    private readonly HashSet<Guid> _unavailable = [];
    private Guid[] _users = [];

    private LedgerScenario(TestLedger testLedger, BreakableDialect dialect, SteppedClock clock, ScopePath path)
    {
        (_testLedger, _dialect, _clock, _path) = (testLedger, dialect, clock, path);
        _model = new LedgerModel(Defaults, path);
        _watch = new LedgerWatch(testLedger.Database.Contexts, _model);
        _dialect.AfterCommit = _watch.Look;
    }

    public static async Task<LedgerScenario> OpenAsync(DatabaseKind kind)
    {
        BreakableDialect dialect = null!;
        var clock = new SteppedClock(TestLedger.Noon);
        var testLedger = await TestLedger.OpenAsync(
            kind, Settings, Defaults, clock, started: false, dialect: real => dialect = dialect is null ? new(real) : dialect.Around(real),
            alone: true);
        var scenario = new LedgerScenario(testLedger, dialect, clock, await testLedger.AddTeamAsync());
        scenario._users = [await testLedger.AddUserAsync(), await testLedger.AddUserAsync()];
        await testLedger.StartAsync();

        // The sweep at the start is a transaction of its own and must have ended.
        await testLedger.FlushAsync();
        return scenario;
    }

    public async Task RunAsync(LedgerStep step)
    {
        await (step switch
        {
            Batch batch => RunAsync(batch),
            Crash crash => RunAsync(crash),
            Jump jump => RunAsync(jump),
            Limit limit => RunAsync(limit),
            BudgetsAbove budgets => RunAsync(budgets),
            _ => TickAsync(),
        });

        // The first flush may queue further operations, such as the release of a hold that may have been written. The second flush writes them.
        await _testLedger.FlushAsync();
        await _testLedger.FlushAsync();
        Assert.That(_watch.Violations, Is.Empty, $"{step}");
        var unknown = _watch.Records.ExceptBy(_model.Requests.Select(each => each.Id), line => line.Id).ToList();
        Assert.That(unknown.TrueForAll(line => _unavailable.Contains(line.Id) && line.Status == UsageStatus.Released), Is.True, $"{step}");
        Assert.That(_watch.Records.Except(unknown), Is.EquivalentTo(_model.Records), $"{step}");
        Assert.That(_watch.Counters, Is.EquivalentTo(_model.Counters), $"{step}");
        await _testLedger.AssertAllBalancedAsync();
    }

    public ValueTask DisposeAsync() => _testLedger.DisposeAsync();

    private async Task RunAsync(Batch batch)
    {
        Sent sent = null!;
        await MeetAsync(() =>
        {
            if (batch.Fault is { } fault) Break(fault);
            sent = Send(batch.Operations, isFailing: batch.Fault is not null);
        });
        await Task.WhenAll(sent.Settling).WaitAsync(LongEnough);
        foreach (var settlement in sent.Settlements) _model.Settle(settlement);
        for (var i = 0; i < sent.Holds.Count; i++)
        {
            var answer = await AnswerAsync(sent.Holding[i]);
            if (answer == ModelledAnswer.Unavailable && batch.Fault is not null) _unavailable.Add(sent.Holds[i].RequestId);
            else Assert.That(answer, Is.EqualTo(_model.Hold(sent.Holds[i])), $"{batch}: {sent.Holds[i]}");
        }

        (_dialect.BeforeCall, _dialect.AfterCommit) = (() => { }, _watch.Look);
    }

    private async Task RunAsync(Crash crash)
    {
        Sent sent = null!;
        using var dead = new ManualResetEventSlim();
        var committing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await MeetAsync(() =>
        {
            _dialect.BeforeCommit = () =>
            {
                if (_dialect.IsPreparing) return;
                _dialect.BeforeCommit = () => { };
                committing.SetResult();
                dead.Wait(LongEnough);
                if (!crash.InFlightIsWritten) throw new IOException("It died before the commit.");
            };
            sent = Send(crash.InFlight);
        });
        await committing.Task.WaitAsync(LongEnough);
        Send(crash.Queued);
        await _testLedger.CrashAsync(started: false, dying: dead.Set);
        if (crash.InFlightIsWritten)
        {
            sent.Settlements.ForEach(_model.Settle);
            sent.Holds.ForEach(hold => _model.Hold(hold));
        }

        _model.Crash();
        if (crash.IsDownForLong) await RunAsync(new Jump(Jump.Target.BeyondTheLease));
        await _testLedger.StartAsync();
    }

    private Task RunAsync(Jump jump)
    {
        var now = _clock.GetUtcNow();
        var atLeast = (now + (2 * Settings.HoldLease)).UtcDateTime.Date;
        var end = jump.To switch
        {
            Jump.Target.EndOfDay => atLeast.AddDays(1),
            Jump.Target.EndOfMonth => new DateTime(atLeast.Year, atLeast.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1),
            Jump.Target.EndOfYear => new DateTime(atLeast.Year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            _ => (now + Settings.HoldLease).UtcDateTime + SteppedClock.Moment + SteppedClock.Moment,
        };
        _clock.Advance(new DateTimeOffset(end) - SteppedClock.Moment - now);
        _model.Expire();
        return Task.CompletedTask;
    }

    private Task RunAsync(Limit limit)
    {
        _model.SetLimits(_users[limit.User], limit.Limits);
        return _testLedger.SetLimitsAsync(_users[limit.User], limit.Limits);
    }

    private async Task RunAsync(BudgetsAbove budgets)
    {
        await SetAsync(ScopeKind.Organisation, BudgetMetric.Requests, PeriodKind.Day, budgets.DailyRequests);
        await SetAsync(ScopeKind.Team, BudgetMetric.Spend, PeriodKind.Month, budgets.MonthlySpend);
        _model.SetLimits(_path.IdOf(ScopeKind.Organisation), new QuotaLimits(budgets.DailyRequests, null, null));
        _model.SetLimits(_path.IdOf(ScopeKind.Team), new QuotaLimits(null, null, budgets.MonthlySpend));
    }

    private Task SetAsync(ScopeKind kind, BudgetMetric metric, PeriodKind window, long? amount)
    {
        var (id, now) = (_path.IdOf(kind), _clock.GetUtcNow());
        List<Budget> budgets = [];
        if (amount is { } limit)
        {
            budgets.Add(new Budget
            {
                Id = _testLedger.NextId(),
                ScopeKind = kind,
                ScopeId = id,
                Metric = metric,
                WindowKind = window,
                Amount = limit,
                CountedSince = now,
            });
        }

        return _testLedger.Store().ReplaceAsync(kind, id, budgets, null, Actor.Operator, now, CancellationToken.None);
    }

    private Task TickAsync()
    {
        _clock.Advance(2 * SteppedClock.Moment);
        return Task.CompletedTask;
    }

    /// <summary>Keeps the writer in a commit while operations are queued. They are then all written in the next transaction.</summary>
    private async Task MeetAsync(Action queue)
    {
        using var queued = new ManualResetEventSlim();
        var committing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _dialect.BeforeCommit = () =>
        {
            _dialect.BeforeCommit = () => { };
            committing.SetResult();
            queued.Wait(LongEnough);
        };
        var busy = _testLedger.FlushAsync();
        await committing.Task.WaitAsync(LongEnough);
        queue();
        queued.Set();
        await busy;
    }

    private void Break(DatabaseFault fault)
    {
        var (calls, left) = (0, fault.Times);
        if (fault.AfterCommit)
        {
            // The fault does not apply to the first commit, behind which the operations were queued.
            _dialect.AfterCommit = () =>
            {
                _watch.Look();
                if (calls++ > 0 && left-- > 0) throw new IOException("The answer is lost.");
            };
        }
        else
        {
            _dialect.BeforeCall = () =>
            {
                if (++calls >= fault.Call && left-- > 0) throw new IOException("The database fails.");
            };
        }
    }

    /// <param name="operations">The operations to send.</param>
    /// <param name="isFailing">
    /// While the database fails, an operation that is not written waits behind later ones. Two settlements of one request would then
    /// have no certain order, and only one is sent. A second hold of a request is not sent either: if its outcome is unknown, it is
    /// released by the request's id, and that would release the first hold.
    /// </param>
    private Sent Send(OperationList operations, bool isFailing = false)
    {
        var sent = new Sent();
        var known = _model.Requests.Count;
        foreach (var operation in operations.Items)
        {
            var target = known == 0 || operation.Index % 8 == 7 ? null : _model.Requests[operation.Index % known];
            if (isFailing && target is not null && sent.Settlements.Exists(each => each.RequestId == target.Id)) continue;
            switch (operation.Kind)
            {
                case OperationKind.Hold:
                    sent.Add(_testLedger.Ledger, NewHold(operation));
                    break;
                case OperationKind.HoldAgain when target is not null && !isFailing:
                    sent.Add(_testLedger.Ledger, NewHold(operation) with { RequestId = target.Id });
                    break;
                case OperationKind.Settle:
                    sent.Add(_testLedger.Ledger, TestLedger.Settled(target?.Id ?? _testLedger.NextId(), Math.Min(operation.Amount, target?.Held ?? 0)));
                    break;
                case OperationKind.Overrun:
                    sent.Add(_testLedger.Ledger, TestLedger.Settled(target?.Id ?? _testLedger.NextId(), (target?.Held ?? 0) + operation.Amount));
                    break;
                case OperationKind.Release:
                    sent.Add(_testLedger.Ledger, TestLedger.Released(target?.Id ?? _testLedger.NextId()));
                    break;
            }
        }

        return sent;
    }

    // A request counts from its arrival. It may arrive before midnight and be held after.
    private Hold NewHold(LedgerOperation operation) => _testLedger.NewHold(
        _users[operation.Index % LedgerStep.Users], operation.Amount, _clock.GetUtcNow() - TimeSpan.FromMilliseconds(operation.AgeMs)) with
    {
        ChargeSet = ChargeSet.Of(_path, []),
    };

    private static async Task<ModelledAnswer> AnswerAsync(Task<HoldDecision> holding)
    {
        try
        {
            return (await holding.WaitAsync(LongEnough)).IsGranted ? ModelledAnswer.Granted : ModelledAnswer.Refused;
        }
        catch (AiGatewayException failure)
        {
            return failure.Code == ErrorCode.Conflict ? ModelledAnswer.Conflict : ModelledAnswer.Unavailable;
        }
    }

    /// <summary>What was given to the ledger, in order.</summary>
    private sealed class Sent
    {
        public List<Hold> Holds { get; } = [];

        public List<Task<HoldDecision>> Holding { get; } = [];

        public List<Settlement> Settlements { get; } = [];

        public List<Task> Settling { get; } = [];

        public void Add(DatabaseLedger ledger, Hold hold)
        {
            Holds.Add(hold);
            Holding.Add(ledger.HoldAsync(hold, CancellationToken.None));
        }

        public void Add(DatabaseLedger ledger, Settlement settlement)
        {
            Settlements.Add(settlement);
            Settling.Add(ledger.SettleAsync(settlement));
        }
    }
}
