using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.Usage;

/// <summary>Administrators' corrections of the cost of requests.</summary>
public interface IUsageCorrections
{
    /// <summary>
    /// Sets a new total cost of a request, in the day and month of the request, and stores the correction as an entry of its
    /// own. The counters follow in the same transaction, even above a limit. A released request counts again as soon as it
    /// costs something.
    /// </summary>
    /// <exception cref="AiGatewayException">
    /// <see cref="ErrorCode.NotFound"/>: there is no such record, perhaps because it is archived.
    /// <see cref="ErrorCode.Conflict"/>: it is still held.
    /// </exception>
    Task<UsageCorrection> CorrectAsync(NewCorrection correction, Actor by, CancellationToken cancellationToken);

    /// <summary>The corrections of a request, oldest first.</summary>
    Task<IReadOnlyList<UsageCorrection>> ListAsync(Guid requestId, CancellationToken cancellationToken);
}

/// <summary>A correction to make.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="CostNanoUsd">Its new total cost, in nano-dollars; 0 or more.</param>
/// <param name="Reason">The reason.</param>
public sealed record NewCorrection(Guid RequestId, long CostNanoUsd, string Reason);
