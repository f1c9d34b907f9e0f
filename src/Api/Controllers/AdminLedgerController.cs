using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Ledger;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AutoMapper;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>The organisation's usage and ledger.</summary>
[ApiController]
[Route("api/v1/admin")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminLedgerController(IMediator mediator, IMapper mapper) : ControllerBase
{
    /// <summary>The usage of all users, summed, largest cost first.</summary>
    /// <param name="from">Created at or after, such as 2026-11-01T00:00:00Z.</param>
    /// <param name="to">Created before.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="groupBy"><c>user</c>, <c>model</c>, <c>provider</c>, <c>key</c> or <c>day</c>.</param>
    /// <response code="200">The sums.</response>
    [HttpGet("usage")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<UsageSumListResponse>> Usage(
        DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken, UsageGrouping groupBy = UsageGrouping.User)
    {
        var sums = await mediator.Send(new SumUsage(groupBy, from, to), cancellationToken);
        return new UsageSumListResponse(WireName.Of(groupBy), mapper.Map<IReadOnlyList<UsageSumResponse>>(sums));
    }

    /// <summary>Recompute every counter from the usage records, check the audit log, and report every difference.</summary>
    /// <remarks>Keep <c>audit.head</c> outside the database: rows cut off at the end of the audit log leave no trace in it.</remarks>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The differences. The ledger balances when <c>differences</c> is empty; the audit log is sound when <c>audit.unbroken</c> is true.</response>
    [HttpPost("ledger/verify")]
    [FailsWith(ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<VerificationResponse>> Verify(CancellationToken cancellationToken) =>
        mapper.Map<VerificationResponse>(await mediator.Send(new VerifyLedger(), cancellationToken));
}
