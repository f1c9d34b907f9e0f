using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.Contracts.Receipts;
using AiGateway.Api.OpenApi;
using AiGateway.Api.Reports;
using AiGateway.Application.Ledger;
using AiGateway.Application.Receipts;
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
    /// <remarks>
    /// Scopes are those that the requests were charged to, so a key that moved changes no report. Tags are those that the key
    /// has now; a request counts in the group of each. A report by one of <c>user</c>, <c>model</c>, <c>provider</c>,
    /// <c>key</c> and <c>day</c> over everything may have any period. All others read the records of at most 93 days.
    /// </remarks>
    /// <param name="records">Which records.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="groupBy">
    /// One to four of <c>user</c>, <c>model</c>, <c>provider</c>, <c>key</c>, <c>day</c>, <c>organisation</c>, <c>team</c>,
    /// <c>project</c>, <c>endUser</c> and <c>tag</c>, separated by commas.
    /// </param>
    /// <param name="format"><c>json</c>, or a file to download with one group a line: <c>csv</c> or <c>jsonl</c>.</param>
    /// <response code="200">The sums.</response>
    [OpenToTeamAdministrators]
    [HttpGet("usage")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    [ProducesResponseType<UsageSumListResponse>(StatusCodes.Status200OK, "application/json", "text/csv", "application/jsonl")]
    public async Task<IActionResult> Usage(
        [FromQuery] UsageQuery records, CancellationToken cancellationToken, string groupBy = "user", string format = "json")
    {
        var form = ReportFormats.Parse(format);
        var report = UsageSumListResponse.Of(await mediator.Send(new SumUsage(HttpContext.Actor(), groupBy, records.ToSelection()), cancellationToken));
        return form == ReportFormat.Json ? Ok(report) : UsageDownloads.ToFile(report, form, HttpContext);
    }

    /// <summary>The usage records of all users, newest first.</summary>
    /// <remarks>A file has all selected records, at most 100,000. It takes no <c>next</c> and no <c>limit</c>.</remarks>
    /// <param name="records">Which records.</param>
    /// <param name="next">The <c>next</c> of the previous page.</param>
    /// <param name="limit">Records a page, 1 to 200, default 50.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="format"><c>json</c>, or a file to download with one record a line: <c>csv</c> or <c>jsonl</c>.</param>
    /// <response code="200">One page, or all records.</response>
    [OpenToTeamAdministrators]
    [HttpGet("usage/records")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    [ProducesResponseType<UsageListResponse>(StatusCodes.Status200OK, "application/json", "text/csv", "application/jsonl")]
    public async Task<IActionResult> Records(
        [FromQuery] UsageQuery records, string? next, int? limit, CancellationToken cancellationToken, string format = "json")
    {
        var form = ReportFormats.Parse(format);
        var query = new ListAllUsage(HttpContext.Actor(), records.ToSelection()) { Cursor = next, Limit = limit, All = form != ReportFormat.Json };
        var listing = await mediator.Send(query, cancellationToken);
        return listing.Page is { } page
            ? Ok(new UsageListResponse(mapper.Map<IReadOnlyList<UsageItemResponse>>(page.Items), page.Next))
            : UsageDownloads.ToFile(listing.All!, form, HttpContext, mapper);
    }

    /// <summary>The receipt of a request.</summary>
    /// <remarks>A request in progress has the status <c>held</c>. An administrator of a team gets those that were charged to it.</remarks>
    /// <param name="id">The request's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The receipt.</response>
    [OpenToTeamAdministrators]
    [HttpGet("usage/{id:guid}")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<ReceiptResponse>> Receipt(Guid id, CancellationToken cancellationToken) =>
        ReceiptResponse.Of(await mediator.Send(new GetReceipt(HttpContext.Actor(), id), cancellationToken));

    /// <summary>Recompute every counter from the usage records, check the audit log, and report every difference.</summary>
    /// <remarks>Keep <c>audit.head</c> outside the database: rows cut off at the end of the audit log leave no trace in it.</remarks>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The differences. The ledger balances when <c>differences</c> is empty; the audit log is sound when <c>audit.unbroken</c> is true.</response>
    [HttpPost("ledger/verify")]
    [FailsWith(ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<VerificationResponse>> Verify(CancellationToken cancellationToken) =>
        mapper.Map<VerificationResponse>(await mediator.Send(new VerifyLedger(), cancellationToken));
}
