using MediatR;

namespace AiGateway.Application.Refusals;

/// <summary>Who was refused by this gateway in the last day, newest first.</summary>
public sealed record ListRefusals : IRequest<RefusalReport>;

/// <summary>The refusals of a gateway.</summary>
/// <param name="Since">Since when they are noted: the start of the gateway.</param>
/// <param name="Items">The refusals of the last day.</param>
public sealed record RefusalReport(DateTimeOffset Since, IReadOnlyList<RefusalLine> Items);

internal sealed class ListRefusalsHandler(RefusalLog refusals) : IRequestHandler<ListRefusals, RefusalReport>
{
    public Task<RefusalReport> Handle(ListRefusals query, CancellationToken cancellationToken) =>
        Task.FromResult(new RefusalReport(refusals.Since, refusals.Read()));
}
