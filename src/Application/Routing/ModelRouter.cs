using AiGateway.Application.Health;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Switches;
using AiGateway.Domain;

namespace AiGateway.Application.Routing;

/// <summary>
/// Chooses the targets of a request and their order. The quota behavior calls it once and stores the plan on the command.
/// State of targets is read once, here: what follows does not change the order.
/// </summary>
internal sealed class ModelRouter(
    IProviderDirectory providers, RoutingPolicy policy, GatewayDefaults defaults, SwitchBoard switches, ProviderHealthBoard health, LongCounts longCounts, TimeProvider time)
{
    private readonly OutputLimits _limits = new(defaults);

    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the count of a long prompt when the caller leaves.</param>
    /// <exception cref="AiGatewayException">
    /// <see cref="ErrorCode.ModelNotPriced"/> for a model without a price, <see cref="ErrorCode.ModelNotFound"/> for one
    /// that is retired or that the named provider does not serve, <see cref="ErrorCode.ModelNotAllowed"/> for one that the
    /// caller may not use.
    /// </exception>
    public async ValueTask<RoutePlan> PlanAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(request.ReceivedAt.UtcDateTime);
        var isNamed = request.Model is not null;
        var asked = request.Model ?? request.PreferredModel ?? defaults.Model;
        var provider = request.Provider ?? (isNamed ? null : request.PreferredProvider);
        var set = providers.Current;
        var candidates = new Candidates(set, policy, switches);
        var groups = candidates.Of(isNamed || set.Routes.ContainsKey(asked) ? asked : candidates.ResolveActive(asked, day), provider, day);
        groups = AllowedTargets.Keep(groups, request.AllowedModels, asked);
        var able = AbleOf(groups, request.Operation);
        if (able.Count == 0) throw Eligibility.Unable(asked, request.Operation, chats: AbleOf(groups, ModelOperation.Chat).Count > 0);

        var ordered = InOrder(able, request, asked);
        var targets = new List<Target>(ordered.Count);
        foreach (var each in ordered) targets.Add(ToTarget(each, request));
        Eligibility.Keep(targets, request);
        var attempts = longCounts.Needs(request, targets)
            ? await EstimateLongAsync(targets, request, cancellationToken)
            : Estimate(targets, request, CancellationToken.None);
        RoutePlan.KeepFitting(targets);
        return new RoutePlan(asked, targets, attempts)
        {
            Choice = _limits.ChoiceFor(request),
            FallbackOn = set.Routes.TryGetValue(asked, out var route) ? route.FallbackOn : FallbackReasons.None,
        };
    }

    /// <summary>Refuses a model or provider that no request of the caller could use on this day, as <see cref="PlanAsync"/> would.</summary>
    public void RequireServed(string? model, string? provider, ModelAccess allowed, DateOnly day)
    {
        var candidates = new Candidates(providers.Current, policy, switches);
        if (model is not null) AllowedTargets.Keep(candidates.Of(model, provider, day), allowed, model);
        else if (provider is not null) candidates.RequireConfigured(provider);
    }

    // Nearly every request has one group of one target.
    private static IReadOnlyList<IReadOnlyList<Candidate>> AbleOf(IReadOnlyList<IReadOnlyList<Candidate>> groups, ModelOperation operation)
    {
        if (groups is [[var only]]) return IsAble(only, operation) ? groups : [];
        return [.. groups.Select(group => group.Where(each => IsAble(each, operation)).ToArray()).Where(group => group.Length > 0)];
    }

    private static bool IsAble(Candidate candidate, ModelOperation operation) =>
        candidate.Adapter.Supports(operation) && CanDo(candidate.Model.Capabilities, operation);

    private static bool CanDo(ModelCapabilities model, ModelOperation operation) =>
        operation == ModelOperation.Embeddings ? model.Embeddings : model.Chat;

    // Group by group; within a group by the conversation. A target that cools down is tried after all others, the one whose
    // wait ends first before the rest: a request is never refused only because its targets cool down.
    private IReadOnlyList<Candidate> InOrder(IReadOnlyList<IReadOnlyList<Candidate>> groups, ModelRequest request, string asked)
    {
        if (groups is [[_]]) return groups[0];
        var key = groups.Any(group => group.Count > 1) ? AffinityKey.Of(request, asked) : "";
        var inOrder = groups.SelectMany(group => group.Count == 1 ? group : ByAffinity(group, key));
        return [.. inOrder.OrderBy(each => CoolsUntil(each, request.UserId) ?? DateTimeOffset.MinValue)];
    }

    private static IEnumerable<Candidate> ByAffinity(IReadOnlyList<Candidate> group, string key) => group.OrderByDescending(
        each => TargetOrder.Score(key, each.Adapter.Name, each.Model.Model, each.Weight));

    private DateTimeOffset? CoolsUntil(Candidate candidate, Guid userId)
    {
        var account = candidate.Adapter.CheckQuota();
        if (!account.HasCapacity) return account.RetryAt ?? DateTimeOffset.MaxValue;
        return candidate.Adapter.CoolsUntil(candidate.Model.Model, userId) ?? health.DownUntil(candidate.Adapter.Name);
    }

    private RequestAttempts NewAttempts(List<Target> targets, ModelRequest request) => new(time, defaults.UnknownOutcome)
    {
        Most = policy.MostAttempts(targets.Count),
        MostAtOneTarget = policy.MostAtOneTarget(targets.Count),
        HasOtherTargets = targets.Count > 1,
        Deadline = DeadlineOf(targets, request.ClientTimeout),
    };

    // The time for one target, and once more when there are others; never longer than the client waits.
    private static TimeSpan DeadlineOf(List<Target> targets, TimeSpan? clientTimeout)
    {
        TimeSpan? longest = null;
        foreach (var (adapter, call) in targets)
        {
            if (adapter.TimeLimitOf(call.Model) is { } each && !(longest >= each)) longest = each;
        }

        var limit = longest * (targets.Count > 1 ? 2 : 1);
        if (limit is null || clientTimeout is null) return limit ?? clientTimeout ?? Timeout.InfiniteTimeSpan;
        return limit < clientTimeout ? limit.Value : clientTimeout.Value;
    }

    private Target ToTarget(Candidate candidate, ModelRequest request)
    {
        var (adapter, priced, _) = candidate;
        var day = DateOnly.FromDateTime(request.ReceivedAt.UtcDateTime);
        return new Target(adapter, new ModelCall(request, priced, priced.PriceOn(day), _limits.For(request, priced)));
    }

    private Task<RequestAttempts> EstimateLongAsync(List<Target> targets, ModelRequest request, CancellationToken cancellationToken) =>
        longCounts.RunAsync(request, () => Estimate(targets, request, cancellationToken), cancellationToken);

    // The time for the attempts begins here, after the wait for a long count.
    private RequestAttempts Estimate(List<Target> targets, ModelRequest request, CancellationToken cancellationToken)
    {
        var attempts = NewAttempts(targets, request);
        for (var i = 0; i < targets.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            targets[i] = Estimated(targets[i], attempts);
        }

        return attempts;
    }

    private static Target Estimated(Target target, RequestAttempts attempts)
    {
        var call = target.Call with { Attempts = attempts, Worst = target.Adapter.EstimateCost(target.Call) };
        return target with { Call = OutputLimits.Open(call) };
    }
}
