using AiGateway.Api.Auth;
using AiGateway.Api.Contracts.Operators;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Pricing;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers.Operators;

/// <summary>The price book.</summary>
[ApiController]
[Route("api/v1/admin/prices")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminPricesController(IMediator mediator) : ControllerBase
{
    /// <summary>List the prices in force today, with warnings.</summary>
    /// <param name="provider">Only of this seller of the price book.</param>
    /// <param name="model">Only models whose name contains this text, in any case.</param>
    /// <param name="next">The <c>next</c> of the previous page.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="staleAfterDays">Days after which a price that was not compared with its source counts as stale, 1 to 3650.</param>
    /// <param name="limit">Rows a page, 1 to 200.</param>
    /// <response code="200">One page, by seller and model.</response>
    [HttpGet]
    [FailsWith(ErrorCode.InvalidRequest)]
    public async Task<ActionResult<PriceListResponse>> List(
        string? provider, string? model, string? next, CancellationToken cancellationToken, int staleAfterDays = 365, int limit = 50)
    {
        var page = await mediator.Send(new ListPrices(provider, model, staleAfterDays, next, limit), cancellationToken);
        return new PriceListResponse([.. page.Items.Select(PriceResponse.Of)], page.Next);
    }
}
