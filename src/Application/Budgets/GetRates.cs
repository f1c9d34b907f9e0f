using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Budgets;

/// <summary>The rates of a scope and what is left of them now.</summary>
public sealed record GetRates(Actor By, ScopeKind Kind, Guid Id) : IRequest<IReadOnlyList<RateState>>, IReadsLedger, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(Kind, Id)];
}

internal sealed class GetRatesHandler(BudgetReader reader, IRateStore rates) : IRequestHandler<GetRates, IReadOnlyList<RateState>>
{
    public async Task<IReadOnlyList<RateState>> Handle(GetRates query, CancellationToken cancellationToken)
    {
        await reader.RequireAsync(query.Kind, query.Id, cancellationToken);
        return await rates.ReadAsync([query.Id], cancellationToken);
    }
}
