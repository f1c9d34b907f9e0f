using AiGateway.Api.Auth;
using AiGateway.Api.Errors;
using AiGateway.Api.Http;
using AiGateway.Api.OpenApi;
using AiGateway.Api.Wires;
using AiGateway.Application.StoredResponses;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.OpenAi;

/// <summary>Stored responses: free of charge, and only for the caller who created them.</summary>
[ApiController]
[Route("v1/responses/{id}")]
[ErrorFormat(ErrorFormat.OpenAi)]
[Authorize(Policies.Generate)]
[Tags("OpenAI")]
[FailsWith(
    ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.ModelNotAllowed, ErrorCode.ProviderRejected, ErrorCode.ProviderRateLimited,
    ErrorCode.ProviderFailed, ErrorCode.ProviderTimeout, ErrorCode.LedgerUnavailable)]
public sealed class StoredResponsesController(IMediator mediator) : ControllerBase
{
    /// <summary>A stored response.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The provider's reply, unchanged.</response>
    [HttpGet]
    [Wire("responses/get")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> Get(string id, CancellationToken cancellationToken) => AskAsync(id, StoredResponseAction.Get, cancellationToken);

    /// <summary>Delete a stored response.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The provider's reply, unchanged.</response>
    [HttpDelete]
    [Wire("responses/delete")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> Delete(string id, CancellationToken cancellationToken) => AskAsync(id, StoredResponseAction.Delete, cancellationToken);

    /// <summary>Cancel a response in progress.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The provider's reply, unchanged.</response>
    [HttpPost("cancel")]
    [Wire("responses/cancel")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> Cancel(string id, CancellationToken cancellationToken) => AskAsync(id, StoredResponseAction.Cancel, cancellationToken);

    /// <summary>The input items of a stored response.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The provider's reply, unchanged.</response>
    [HttpGet("input_items")]
    [Wire("responses/input-items")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> InputItems(string id, CancellationToken cancellationToken) => AskAsync(id, StoredResponseAction.InputItems, cancellationToken);

    private async Task<IActionResult> AskAsync(string id, StoredResponseAction action, CancellationToken cancellationToken)
    {
        var command = new AskStoredResponse(HttpContext.Identity().Id, HttpContext.Caller().UserId, id, action, Request.QueryString.Value ?? "")
        {
            AllowedModels = HttpContext.Caller().AllowedModels,
        };
        return new WireResult(await mediator.Send(command, cancellationToken));
    }
}
