using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Administrators' corrections of what requests cost.</summary>
public interface IUsageCorrections
{
    /// <summary>
    /// Gives a request a new total cost, in the day and month in which the request counts, and keeps the correction as an
    /// entry of its own. The counters follow in the same transaction, also above a limit. A released request counts again
    /// as soon as it costs something.
    /// </summary>
    /// <exception cref="AiGatewayException">
    /// <see cref="ErrorCode.NotFound"/>: there is no such record, perhaps because it is archived.
    /// <see cref="ErrorCode.Conflict"/>: it is still held.
    /// </exception>
    Task<UsageCorrection> CorrectAsync(NewCorrection correction, CancellationToken cancellationToken);

    /// <summary>The corrections of a request, oldest first.</summary>
    Task<IReadOnlyList<UsageCorrection>> ListAsync(Guid requestId, CancellationToken cancellationToken);
}

/// <summary>A correction that is to be made.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="CostNanoUsd">Its new total cost, in nano-dollars; 0 or more.</param>
/// <param name="Reason">Why.</param>
/// <param name="CorrectedBy">The administrator.</param>
public sealed record NewCorrection(Guid RequestId, long CostNanoUsd, string Reason, Guid CorrectedBy);
