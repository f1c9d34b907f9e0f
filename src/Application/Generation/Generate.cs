using AiGateway.Application.Requests;
using AiGateway.Application.Routing;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Generation;

/// <summary>
/// Has a model answer: the one command that costs money. Every API that reaches a provider maps to it, so validation, quota
/// and usage always apply.
/// </summary>
public sealed record Generate : ModelRequest, IRequest<GenerateReply>
{
    /// <summary>The caller. Adapters do not see it.</summary>
    public required Caller Caller { get; init; }

    /// <inheritdoc/>
    public override Guid UserId => Caller.UserId;

    /// <inheritdoc/>
    public override string? PreferredModel => Caller.PreferredModel;

    /// <inheritdoc/>
    public override string? PreferredProvider => Caller.PreferredProvider;

    /// <inheritdoc/>
    public override ModelAccess AllowedModels => Caller.AllowedModels;

    /// <summary>The decision of the quota behavior; null before it.</summary>
    internal RoutePlan? Plan { get; private set; }

    /// <summary>What decides which budgets it counts for, with this plan.</summary>
    internal CountedRequest CountedBy(RoutePlan plan) => new(
        UserId, Caller.ApiKeyId, ReceivedAt, plan.RequestedModel, EndUser, ChargeSet.Of(Caller.Path, plan.OtherModels()));

    /// <summary>Sets the plan, once. Handler and settlement follow it; nothing plans or counts again.</summary>
    internal void Keep(RoutePlan plan) =>
        Plan = Plan is null ? plan : throw new InvalidOperationException($"Request {RequestId} is planned already.");
}
