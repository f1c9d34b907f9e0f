using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.Contracts.Rates;
using AiGateway.Api.Contracts.Receipts;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Budgets;
using AiGateway.Application.Preferences;
using AiGateway.Application.Quotas;
using AiGateway.Application.Receipts;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AutoMapper;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>The caller's own account.</summary>
[ApiController]
[Route("api/v1/ai")]
[Authorize(Policies.Usage)]
[Tags("Account")]
public sealed class AccountController(IMediator mediator, IMapper mapper) : ControllerBase
{
    /// <summary>Your limits and their use.</summary>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">Limits, use, and when they reset.</response>
    [HttpGet("quota")]
    [FailsWith(ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<QuotaResponse>> Quota(CancellationToken cancellationToken)
    {
        var caller = HttpContext.Caller();
        var status = await mediator.Send(new GetQuotaStatus(caller.UserId, caller.ApiKeyId, caller.Path), cancellationToken);
        return new QuotaResponse(
            ToRequests(status.DailyRequests), ToRequests(status.MonthlyRequests), ToDollars(status.MonthlySpendNanoUsd),
            [.. status.Budgets.Select(static budget => budget.Use.ToResponse(budget.ScopeName))],
            [.. status.Rates.Select(static rate => rate.ToResponse())]);
    }

    /// <summary>Your usage records, newest first.</summary>
    /// <param name="from">Created at or after, such as 2026-11-01T00:00:00Z.</param>
    /// <param name="to">Created before.</param>
    /// <param name="model">Answered by this model.</param>
    /// <param name="status">With this status: <c>held</c>, <c>settled</c>, <c>released</c>, <c>unknown</c> or <c>expired</c>.</param>
    /// <param name="failed">
    /// <c>true</c>: those that failed or whose outcome is unknown. <c>false</c>: those that ended without an error.
    /// </param>
    /// <param name="next">The <c>next</c> of the previous page.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="limit">Records a page, 1 to 200.</param>
    /// <response code="200">One page.</response>
    [HttpGet("usage")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<UsageListResponse>> Usage(
        DateTimeOffset? from, DateTimeOffset? to, string? model, string? status, bool? failed, string? next, CancellationToken cancellationToken, int limit = 50)
    {
        var records = new UsageSelection { From = from, To = to, Model = model, Status = WireName.Read<UsageStatus>(status, "status"), Failed = failed };
        var page = await mediator.Send(new ListUsage(HttpContext.Caller().UserId, records, next, limit), cancellationToken);
        return new UsageListResponse(mapper.Map<IReadOnlyList<UsageItemResponse>>(page.Items), page.Next);
    }

    /// <summary>The receipt of one of your requests.</summary>
    /// <remarks>A request in progress has the status <c>held</c>.</remarks>
    /// <param name="id">The request's id: the <c>x-request-id</c> of its reply.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The receipt.</response>
    [HttpGet("usage/{id:guid}")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<ReceiptResponse>> Receipt(Guid id, CancellationToken cancellationToken) =>
        ReceiptResponse.Of(await mediator.Send(new GetOwnReceipt(HttpContext.Caller().UserId, id), cancellationToken));

    /// <summary>The model and provider for your requests that do not name one.</summary>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">Your preference.</response>
    [HttpGet("preferences")]
    [FailsWith(ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<PreferenceContract>> Preference(CancellationToken cancellationToken) =>
        mapper.Map<PreferenceContract>(await mediator.Send(new GetPreference(HttpContext.Caller().UserId), cancellationToken));

    /// <summary>Choose the model and provider for your requests that do not name one.</summary>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="preference">Your preference; null restores the configured default.</param>
    /// <response code="200">Your preference.</response>
    [HttpPut("preferences")]
    [Authorize(Policies.Generate)]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.ModelNotFound, ErrorCode.ModelNotPriced, ErrorCode.ModelNotAllowed, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<PreferenceContract>> SetPreference(PreferenceContract preference, CancellationToken cancellationToken)
    {
        var command = new SetPreference(HttpContext.Caller(), preference.Model, preference.Provider);
        return mapper.Map<PreferenceContract>(await mediator.Send(command, cancellationToken));
    }

    private static LimitResponse ToRequests(LimitUse use) => new(use.Limit, use.Used, use.Held, use.Remaining, use.ResetsAt);

    private static LimitResponse ToDollars(LimitUse use) => new(
        Money.ToUsd(use.Limit), Money.ToUsd(use.Used), Money.ToUsd(use.Held), Money.ToUsd(use.Remaining), use.ResetsAt);
}
