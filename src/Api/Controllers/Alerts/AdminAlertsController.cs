using AiGateway.Api.Auth;
using AiGateway.Api.Contracts.Alerts;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Alerts;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers.Alerts;

/// <summary>Alerts on budgets, providers and requests.</summary>
[ApiController]
[Route("api/v1/admin/alerts")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminAlertsController(IMediator mediator) : ControllerBase
{
    /// <summary>The alerts of the last 30 days, newest first, whether a webhook got them or not.</summary>
    /// <param name="type">Only <c>budget</c>, <c>provider</c> or <c>record</c>.</param>
    /// <param name="next">The <c>next</c> of the previous page.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="limit">Alerts a page, 1 to 200.</param>
    /// <response code="200">One page.</response>
    [HttpGet]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<AlertListResponse>> List(string? type, Guid? next, CancellationToken cancellationToken, int limit = 50)
    {
        var page = await mediator.Send(new ListAlerts(KindOf(type), next, limit), cancellationToken);
        return new AlertListResponse([.. page.Items.Select(AlertResponse.Of)], page.Next);
    }

    private static AlertKind? KindOf(string? name)
    {
        if (name is null) return null;
        foreach (var kind in (AlertKind[])[AlertKind.Budget, AlertKind.Provider, AlertKind.Record])
        {
            if (kind.ToName() == name) return kind;
        }

        throw new InvalidRequestException("type", "must be budget, provider or record");
    }
}
