using AiGateway.Application.Pipeline;
using AiGateway.Application.Ports;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Generation;

/// <summary>What a request would cost at most, and whether it would be admitted now. Nothing is held or forwarded.</summary>
public sealed record EstimateGeneration(Generate Request) : IRequest<GenerationEstimate>, IReadsTheBooks;

/// <summary>The answer to <see cref="EstimateGeneration"/>.</summary>
/// <param name="Model">The model that would be asked first.</param>
/// <param name="Provider">The provider that would be asked first.</param>
/// <param name="Cost">The worst case, dearest route included.</param>
/// <param name="Refusal">The limit that would refuse the request; null when it would be admitted.</param>
public sealed record GenerationEstimate(string Model, string Provider, CostEstimate Cost, QuotaRefusal? Refusal);

internal sealed class EstimateGenerationValidator : AbstractValidator<EstimateGeneration>
{
    public EstimateGenerationValidator() =>
        RuleFor(estimate => estimate.Request).SetValidator(new GenerateValidator()).OverridePropertyName(string.Empty);
}

internal sealed class EstimateGenerationHandler(ModelRouter router, IQuotaStore quotas, GatewayDefaults defaults)
    : IRequestHandler<EstimateGeneration, GenerationEstimate>
{
    public async Task<GenerationEstimate> Handle(EstimateGeneration query, CancellationToken cancellationToken)
    {
        var request = query.Request;
        var plan = router.Plan(request);
        var worst = plan.WorstCase();
        var limits = await quotas.FindLimitsAsync(request.UserId, cancellationToken) ?? defaults.Limits;
        var used = await quotas.ReadUseAsync(request.UserId, request.ReceivedAt, cancellationToken);
        var refusal = Admission.Decide(limits, used, worst.MaxCostNanoUsd, request.ReceivedAt);
        return new(plan.First.Call.Model.Model, plan.First.Adapter.Name, worst, refusal);
    }
}
