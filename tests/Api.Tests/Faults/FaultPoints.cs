using System.Collections.Concurrent;
using AiGateway.Application.Ledger;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Faults;

/// <summary>
/// Counts the operations that a request awaits outside the pipeline, and makes the chosen one fail. The operations are calls of ports,
/// chunks of a stream, and reads and writes of the client's connection. They are found at run time, which includes operations added later.
/// </summary>
internal sealed class FaultPoints
{
    private readonly ConcurrentQueue<string> _passed = new();
    private readonly ConcurrentDictionary<Guid, int> _granted = new();
    private Func<Exception>? _fault;
    private int _count;
    private int _chosen;
    private bool _after;

    /// <summary>The request under way. The tests send one request at a time.</summary>
    public HttpContext? Request { get; private set; }

    /// <summary>Completed when the server has finished the request, whatever the client saw.</summary>
    public TaskCompletionSource Finished { get; private set; } = new();

    /// <summary>The names of the awaited operations, in order.</summary>
    public IReadOnlyCollection<string> Passed => _passed;

    /// <summary>Whether the chosen point was reached and its contract allowed this failure.</summary>
    public bool HasFailed { get; private set; }

    public bool WasReached => _count >= _chosen;

    /// <summary>How often each granted hold was settled.</summary>
    public IReadOnlyDictionary<Guid, int> Settlements => _granted;

    /// <param name="chosen">The point to fail, counted from 1; 0 for none.</param>
    /// <param name="after">Whether the point fails after it has done its work.</param>
    /// <param name="fault">Makes the exception; null stands for a caller who leaves.</param>
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

        // The first callback that is registered is called last, after the gateway's own work at the end of a response.
        request.Response.OnCompleted(() =>
        {
            Request = null;
            Finished.SetResult();
            return Task.CompletedTask;
        });
    }

    public void Granted(Hold hold) => _granted[hold.RequestId] = 0;

    public void Ended(Settlement settlement) => _granted.AddOrUpdate(settlement.RequestId, 1, (_, times) => times + 1);

    /// <summary>Runs one operation, and fails it if it is the chosen point.</summary>
    /// <param name="name">The name of the operation in messages of the test.</param>
    /// <param name="mayFailBefore">Whether the contract lets the operation fail before it has done its work.</param>
    /// <param name="mayFailAfter">Whether the contract lets the operation fail after it has done its work.</param>
    /// <param name="run">The operation.</param>
    public T Pass<T>(string name, bool mayFailBefore, bool mayFailAfter, Func<T> run)
    {
        var isChosen = Enter(name);
        if (isChosen && !_after) Fail(mayFailBefore);
        var result = run();
        if (isChosen && _after) Fail(mayFailAfter);
        return result;
    }

    /// <summary>The same for an awaited operation. It fails either before it returns a task or in its task.</summary>
    public async Task<T> PassAsync<T>(string name, bool mayFailBefore, bool mayFailAfter, Func<Task<T>> run)
    {
        var isChosen = Enter(name);
        if (isChosen && !_after)
        {
            // A settlement is queued when the call returns, and cannot fail before that. Such a call is not delayed.
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
