using AiGateway.Api.Auth;
using AiGateway.Api.Contracts.Rates;
using AiGateway.Api.Http;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Budgets;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>Requests and tokens a minute of organisations, teams, projects, users and keys.</summary>
[ApiController]
[Route("api/v1/admin/{scopes:scopeKind}/{id:guid}/rates")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminRatesController(IMediator mediator) : ControllerBase
{
    /// <summary>The rates of a scope, and what is left of them now.</summary>
    /// <param name="scopes"><c>organisations</c>, <c>teams</c>, <c>projects</c>, <c>users</c> or <c>keys</c>.</param>
    /// <param name="id">The scope's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The rates.</response>
    [OpenToTeamAdministrators]
    [HttpGet]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<RatesResponse>> Get(string scopes, Guid id, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetRates(HttpContext.Actor(), ScopeKindConstraint.Of(scopes), id), cancellationToken)).ToResponse();

    /// <summary>Replace the rates of a scope.</summary>
    /// <remarks>
    /// They apply from the next request on, and are exact over all gateways together. A whole minute's worth may be used at
    /// once. A rate with another amount keeps the share of the minute that is used.
    /// </remarks>
    /// <param name="scopes"><c>organisations</c>, <c>teams</c>, <c>projects</c>, <c>users</c> or <c>keys</c>.</param>
    /// <param name="id">The scope's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The rates; a member that is null, or left out, means no rate.</param>
    /// <response code="200">The rates and what is left of them now.</response>
    [OpenToTeamAdministrators]
    [HttpPut]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<RatesResponse>> Set(string scopes, Guid id, RatesRequest request, CancellationToken cancellationToken)
    {
        var command = new SetRates(HttpContext.Actor(), ScopeKindConstraint.Of(scopes), id, request.ToAmounts());
        return (await mediator.Send(command, cancellationToken)).ToResponse();
    }

    /// <summary>Remove the rates of a scope.</summary>
    /// <param name="scopes"><c>organisations</c>, <c>teams</c>, <c>projects</c>, <c>users</c> or <c>keys</c>.</param>
    /// <param name="id">The scope's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="204">Done.</response>
    [OpenToTeamAdministrators]
    [HttpDelete]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<IActionResult> Remove(string scopes, Guid id, CancellationToken cancellationToken)
    {
        await mediator.Send(new SetRates(HttpContext.Actor(), ScopeKindConstraint.Of(scopes), id, RateAmounts.None), cancellationToken);
        return NoContent();
    }
}
