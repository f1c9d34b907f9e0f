using System.Collections.Concurrent;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Replies;

/// <summary>Plans set by a test; they go before what a text asks for.</summary>
public sealed class ReplyScript
{
    private readonly ConcurrentQueue<ReplyPlan> _next = [];
    private volatile Func<RecordedRequest, ReplyPlan?>? _rule;

    /// <summary>Answers the next requests by these plans, one each.</summary>
    /// <param name="plans">The plans in order.</param>
    public void Enqueue(params IEnumerable<ReplyPlan> plans)
    {
        foreach (var plan in plans) _next.Enqueue(plan);
    }

    /// <summary>Answers every request that finds no plan in the queue by this rule.</summary>
    /// <param name="rule">The plan of a request, or null.</param>
    public void Follow(Func<RecordedRequest, ReplyPlan?> rule) => _rule = rule;

    /// <summary>Forgets all plans and the rule.</summary>
    public void Clear()
    {
        _next.Clear();
        _rule = null;
    }

    internal ReplyPlan? Next(RecordedRequest request) =>
        _next.TryDequeue(out var plan) ? plan : _rule?.Invoke(request);
}
