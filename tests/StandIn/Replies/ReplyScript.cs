using System.Collections.Concurrent;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Replies;

/// <summary>The plans that a test has set. They come before a plan in the text of a request.</summary>
public sealed class ReplyScript
{
    private readonly ConcurrentQueue<ReplyPlan> _next = [];
    private volatile Func<RecordedRequest, ReplyPlan?>? _rule;

    /// <summary>Answers the next requests by these plans, one plan for each request.</summary>
    /// <param name="plans">The plans in order.</param>
    public void Enqueue(params IEnumerable<ReplyPlan> plans)
    {
        foreach (var plan in plans) _next.Enqueue(plan);
    }

    /// <summary>Sets a rule for the requests that find no plan in the queue.</summary>
    /// <param name="rule">Returns the plan of a request, or null for none.</param>
    public void Follow(Func<RecordedRequest, ReplyPlan?> rule) => _rule = rule;

    /// <summary>Removes all plans and the rule.</summary>
    public void Clear()
    {
        _next.Clear();
        _rule = null;
    }

    internal ReplyPlan? Next(RecordedRequest request) =>
        _next.TryDequeue(out var plan) ? plan : _rule?.Invoke(request);
}
