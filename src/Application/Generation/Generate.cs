using MediatR;

namespace AiGateway.Application.Generation;

/// <summary>
/// Have a model answer: the one command that costs money. Every endpoint that reaches a provider maps to it, and so passes
/// validation, quota and usage.
/// </summary>
public sealed record Generate : ModelRequest, IRequest<GenerateReply>
{
    /// <summary>Who asks. No provider learns of it.</summary>
    public required Caller Caller { get; init; }

    /// <inheritdoc/>
    public override Guid UserId => Caller.UserId;

    /// <inheritdoc/>
    public override string? PreferredModel => Caller.PreferredModel;

    /// <inheritdoc/>
    public override string? PreferredProvider => Caller.PreferredProvider;

    /// <summary>What the quota behavior decided; null before it has.</summary>
    internal RoutePlan? Plan { get; private set; }

    /// <summary>Keeps the plan, once: the handler and the settlement follow it, and nobody plans or counts again.</summary>
    internal void Keep(RoutePlan plan) =>
        Plan = Plan is null ? plan : throw new InvalidOperationException($"Request {RequestId} is planned already.");
}
