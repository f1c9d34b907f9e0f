using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Administration;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>The audit log.</summary>
[ApiController]
[Route("api/v1/admin/audit")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminAuditController(IMediator mediator) : ControllerBase
{
    /// <summary>The changes of administrators, newest first.</summary>
    /// <remarks>
    /// Each change is committed together with its row, and no row is ever changed or removed. A change that sets the values
    /// that are set already has no row.
    /// </remarks>
    /// <param name="from">Made at or after, such as 2026-11-01T00:00:00Z.</param>
    /// <param name="to">Made before.</param>
    /// <param name="actor">Made by this user, by id, or by <c>system</c>: a sub-command or the first start.</param>
    /// <param name="action">Only this action, such as <c>key.create</c>.</param>
    /// <param name="targetKind">Only targets of this kind: <c>user</c>, <c>key</c>, <c>provider</c>, <c>model</c>, <c>request</c> or <c>archive</c>.</param>
    /// <param name="targetId">Only the target with this id.</param>
    /// <param name="next">The <c>next</c> of the previous page.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="limit">Rows a page, 1 to 200.</param>
    /// <response code="200">One page.</response>
    [HttpGet]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<AuditListResponse>> List(
        DateTimeOffset? from,
        DateTimeOffset? to,
        string? actor,
        string? action,
        string? targetKind,
        string? targetId,
        long? next,
        CancellationToken cancellationToken,
        int limit = 50)
    {
        var page = await mediator.Send(new ListAdminActions(from, to, actor, action, targetKind, targetId, next, limit), cancellationToken);
        return new AuditListResponse([.. page.Items.Select(AuditItemResponse.Of)], page.Next);
    }
}
