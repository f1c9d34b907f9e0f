using System.Collections.Concurrent;
using AiGateway.Application.Ledger;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Faults;

/// <summary>
/// Counts what a request waits for outside the pipeline (calls of ports, chunks of a stream, reads and writes of the
/// client's connection), and fails at the one that is chosen. Nothing is listed: whatever is added counts.
/// </summary>
internal sealed class FaultPoints
{
    private readonly ConcurrentQueue<string> _passed = new();
    private readonly ConcurrentDictionary<Guid, int> _granted = new();
    private Func<Exception>? _fault;
    private int _count;
    private int _chosen;
    private bool _after;

    /// <summary>The request under way; one at a time.</summary>
    public HttpContext? Request { get; private set; }

    /// <summary>Done when the server is, whatever the client saw.</summary>
    public TaskCompletionSource Finished { get; private set; } = new();

    /// <summary>What was waited for, in order.</summary>
    public IReadOnlyCollection<string> Passed => _passed;

    /// <summary>Whether the chosen point was reached, and could be failed in this way.</summary>
    public bool HasFailed { get; private set; }

    public bool WasReached => _count >= _chosen;

    /// <summary>How often each granted hold was ended.</summary>
    public IReadOnlyDictionary<Guid, int> Endings => _granted;

    /// <param name="chosen">The point, counted from 1; 0: none.</param>
    /// <param name="after">Whether it fails once it has done its work.</param>
    /// <param name="fault">The failure; null: the caller leaves in that moment.</param>
    public void Arm(int chosen, bool after = false, Func<Exception>? fault = null)
    {
        (_chosen, _after, _fault, _count, HasFailed) = (chosen, after, fault, 0, false);
        Finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _passed.Clear();
        _granted.Clear();
    }

    public void Begin(HttpContext request)
    {
        Request = request;

        // Registered first, it is called last: after what the gateway does at the end of a response.
        request.Response.OnCompleted(() =>
        {
            Request = null;
            Finished.SetResult();
            return Task.CompletedTask;
        });
    }

    public void Granted(Hold hold) => _granted[hold.RequestId] = 0;

    public void Ended(Settlement settlement) => _granted.AddOrUpdate(settlement.RequestId, 1, (_, times) => times + 1);

    /// <summary>Runs one point.</summary>
    /// <param name="name">What it is called in failures of the test.</param>
    /// <param name="mayFailBefore">Whether its contract lets it fail before it did its work.</param>
    /// <param name="mayFailAfter">Whether its contract lets it fail after.</param>
    /// <param name="run">The work.</param>
    public T Pass<T>(string name, bool mayFailBefore, bool mayFailAfter, Func<T> run)
    {
        var isChosen = Enter(name);
        if (isChosen && !_after) Fail(mayFailBefore);
        var result = run();
        if (isChosen && _after) Fail(mayFailAfter);
        return result;
    }

    /// <summary>The same for what is awaited; it fails before its task exists, or later in it.</summary>
    public async Task<T> PassAsync<T>(string name, bool mayFailBefore, bool mayFailAfter, Func<Task<T>> run)
    {
        var isChosen = Enter(name);
        if (isChosen && !_after)
        {
            // What cannot fail before its work is done at once: a settlement is on its way when the call returns.
            if (mayFailBefore) await Task.Yield();
            Fail(mayFailBefore);
        }

        var result = await run();
        if (isChosen && _after) Fail(mayFailAfter);
        return result;
    }

    private bool Enter(string name)
    {
        if (Request is null) return false;
        _passed.Enqueue(name);
        return Interlocked.Increment(ref _count) == _chosen;
    }

    private void Fail(bool mayFail)
    {
        if (_fault is null)
        {
            HasFailed = true;
            Request!.Abort();
        }
        else if (mayFail)
        {
            HasFailed = true;
            throw _fault();
        }
    }
}
