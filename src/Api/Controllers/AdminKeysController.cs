using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.OpenApi;
using AiGateway.Application.ApiKeys;
using AiGateway.Domain;
using AutoMapper;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>API keys.</summary>
[ApiController]
[Route("api/v1/admin/keys")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminKeysController(IMediator mediator, IMapper mapper) : ControllerBase
{
    /// <summary>Create a key for a user.</summary>
    /// <remarks>The key cannot have a scope that the caller lacks.</remarks>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The key.</param>
    /// <response code="201">The key with its secret, shown this once.</response>
    [OpenToTeamAdministrators]
    [HttpPost]
    [ProducesResponseType<CreatedApiKeyResponse>(StatusCodes.Status201Created)]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<CreatedApiKeyResponse>> Create(CreateApiKeyRequest request, CancellationToken cancellationToken)
    {
        var command = new CreateApiKey(HttpContext.Actor(), request.UserId, request.Name, request.Scopes, request.ExpiresAt)
        {
            Details = new()
            {
                TeamId = request.TeamId,
                ProjectId = request.ProjectId,
                AllowedModels = request.AllowedModels,
                AllowedNetworks = request.AllowedNetworks,
                Description = request.Description,
                Tags = request.Tags,
            },
        };
        var created = mapper.Map<CreatedApiKeyResponse>(await mediator.Send(command, cancellationToken));
        Response.Headers.CacheControl = "no-store";
        return StatusCode(StatusCodes.Status201Created, created);
    }

    /// <summary>List keys, oldest first, without their secrets.</summary>
    /// <param name="userId">Only keys of this user; left out: all keys.</param>
    /// <param name="teamId">Only keys of this team, by their paths; left out: all keys.</param>
    /// <param name="next">The <c>next</c> of the previous page.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="limit">Keys a page, 1 to 200.</param>
    /// <response code="200">One page.</response>
    [OpenToTeamAdministrators]
    [HttpGet]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<ApiKeyListResponse>> List(
        Guid? userId, Guid? teamId, Guid? next, CancellationToken cancellationToken, int limit = 50)
    {
        var page = await mediator.Send(new ListApiKeys(HttpContext.Actor(), userId, teamId, next, limit), cancellationToken);
        return new ApiKeyListResponse(mapper.Map<IReadOnlyList<ApiKeyResponse>>(page.Items), page.Next);
    }

    /// <summary>One key, without its secret.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The key.</response>
    [OpenToTeamAdministrators]
    [HttpGet("{id:guid}")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<ApiKeyResponse>> Get(Guid id, CancellationToken cancellationToken) =>
        mapper.Map<ApiKeyResponse>(await mediator.Send(new GetApiKey(HttpContext.Actor(), id), cancellationToken));

    /// <summary>Change a key: its name, expiry, models, networks, team or project, description or tags.</summary>
    /// <remarks>The change applies here at once, at other replicas within 5 seconds. Owner and scopes of a key never change.</remarks>
    /// <param name="id">The key's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The changes.</param>
    /// <response code="200">The key.</response>
    [OpenToTeamAdministrators]
    [HttpPatch("{id:guid}")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<ApiKeyResponse>> Update(Guid id, UpdateApiKeyRequest request, CancellationToken cancellationToken)
    {
        var command = new UpdateApiKey(HttpContext.Actor(), id)
        {
            Name = request.Name,
            Description = request.NewDescription,
            Tags = request.NewTags,
            ExpiresAt = request.NewExpiresAt,
            AllowedModels = request.NewAllowedModels,
            AllowedNetworks = request.NewAllowedNetworks,
            TeamId = request.NewTeamId,
            ProjectId = request.NewProjectId,
        };
        return mapper.Map<ApiKeyResponse>(await mediator.Send(command, cancellationToken));
    }

    /// <summary>Give a key a new secret.</summary>
    /// <remarks>
    /// Id, limits and history of the key stay. The present secret stays valid for the grace time. One from an earlier rotation
    /// ends at once. Revoking the key ends all of them.
    /// </remarks>
    /// <param name="id">The key's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The grace time.</param>
    /// <response code="200">The new secret, shown this once.</response>
    [OpenToTeamAdministrators]
    [HttpPost("{id:guid}/rotate")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<RotatedApiKeyResponse>> Rotate(Guid id, RotateApiKeyRequest request, CancellationToken cancellationToken)
    {
        var command = new RotateApiKey(HttpContext.Actor(), id, request.GraceSeconds);
        var rotated = mapper.Map<RotatedApiKeyResponse>(await mediator.Send(command, cancellationToken));
        Response.Headers.CacheControl = "no-store";
        return rotated;
    }

    /// <summary>Revoke a key permanently.</summary>
    /// <remarks>This process refuses it at once, other replicas within 5 seconds. The last active administrator key cannot be revoked.</remarks>
    /// <param name="id">The key's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="204">It is revoked.</response>
    [OpenToTeamAdministrators]
    [HttpDelete("{id:guid}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [FailsWith(ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<IActionResult> Revoke(Guid id, CancellationToken cancellationToken)
    {
        await mediator.Send(new RevokeApiKey(HttpContext.Actor(), id), cancellationToken);
        return NoContent();
    }
}
