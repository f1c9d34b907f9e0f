using AiGateway.Application.Budgets;
using AiGateway.Application.Ledger;
using AiGateway.Application.Providers;
using AiGateway.Application.Quotas;
using AiGateway.Application.Routing;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Generation;

/// <summary>The maximum cost of a request, and whether it would be admitted now. Nothing is held or sent.</summary>
public sealed record EstimateGeneration(Generate Request) : IRequest<GenerationEstimate>, IReadsLedger;

/// <summary>The answer to <see cref="EstimateGeneration"/>.</summary>
/// <param name="Model">The first model that would be called.</param>
/// <param name="Provider">The first provider that would be called.</param>
/// <param name="Cost">The maximum cost, over all routes.</param>
/// <param name="Refusal">The limit that would refuse the request; null when it would be admitted.</param>
public sealed record GenerationEstimate(string Model, string Provider, CostEstimate Cost, QuotaRefusal? Refusal);

internal sealed class EstimateGenerationValidator : AbstractValidator<EstimateGeneration>
{
    public EstimateGenerationValidator() =>
        RuleFor(estimate => estimate.Request).SetValidator(new GenerateValidator()).OverridePropertyName(string.Empty);
}

internal sealed class EstimateGenerationHandler(
    ModelRouter router, IQuotaStore quotas, IBudgetStore budgets, IRateStore rates, GatewayDefaults defaults)
    : IRequestHandler<EstimateGeneration, GenerationEstimate>
{
    public async Task<GenerationEstimate> Handle(EstimateGeneration query, CancellationToken cancellationToken)
    {
        var request = query.Request;
        var plan = await router.PlanAsync(request, cancellationToken);
        var worst = plan.WorstCase();
        var limits = await quotas.FindLimitsAsync(request.UserId, cancellationToken) ?? defaults.Limits;
        var used = await quotas.ReadUseAsync(request.UserId, request.ReceivedAt, cancellationToken);
        var counted = request.CountedBy(plan);
        var state = new LimitState(limits, used, await budgets.ReadAsync(counted, cancellationToken))
        {
            Rates = await rates.ReadAsync([.. counted.Scopes().Select(static scope => scope.Id)], cancellationToken),
        };
        var refusal = Admission.Decide(
            state, new HeldAmount(worst.MaxCostNanoUsd, plan.MostTokens()), request.ReceivedAt);
        return new(plan.First.Call.Model.Model, plan.First.Adapter.Name, worst, refusal is null ? null : plan.Explain(refusal, request.Caller));
    }
}
