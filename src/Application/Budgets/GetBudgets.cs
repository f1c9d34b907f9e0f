using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Budgets;

/// <summary>The budgets of a scope and their use now.</summary>
public sealed record GetBudgets(Actor By, ScopeKind Kind, Guid Id) : IRequest<BudgetList>, IReadsLedger, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(Kind, Id)];
}

internal sealed class GetBudgetsHandler(BudgetReader reader) : IRequestHandler<GetBudgets, BudgetList>
{
    public async Task<BudgetList> Handle(GetBudgets query, CancellationToken cancellationToken)
    {
        await reader.RequireAsync(query.Kind, query.Id, cancellationToken);
        return await reader.ReadAsync(query.Kind, query.Id, cancellationToken);
    }
}
