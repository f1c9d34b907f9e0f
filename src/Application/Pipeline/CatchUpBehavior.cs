using AiGateway.Application.Ports;
using MediatR;

namespace AiGateway.Application.Pipeline;

/// <summary>
/// Waits for pending settlements before a query reads the ledger, because a reply need not wait for its own settlement.
/// </summary>
internal sealed class CatchUpBehavior<TRequest, TResponse>(ILedger ledger) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IReadsTheBooks, IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        await ledger.CatchUpAsync();
        return await next();
    }
}
