using AiGateway.Application.Routing;
using AiGateway.Application.StoredResponses;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Generation;

/// <summary>The input tokens of a request, as they would be held. Nothing is held or sent.</summary>
public sealed record CountInputTokens(Generate Request) : IRequest<long>;

internal sealed class CountInputTokensValidator : AbstractValidator<CountInputTokens>
{
    public CountInputTokensValidator() =>
        RuleFor(count => count.Request).SetValidator(new GenerateValidator()).OverridePropertyName(string.Empty);
}

internal sealed class CountInputTokensHandler(ModelRouter router, StoredReferences references) : IRequestHandler<CountInputTokens, long>
{
    public async Task<long> Handle(CountInputTokens query, CancellationToken cancellationToken)
    {
        var plan = await router.PlanAsync(await references.CountAsync(query.Request, cancellationToken), cancellationToken);
        return plan.First.Call.Worst.PromptTokens;
    }
}
