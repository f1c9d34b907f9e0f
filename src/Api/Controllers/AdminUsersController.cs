using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Quotas;
using AiGateway.Application.Users;
using AiGateway.Domain;
using AutoMapper;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>Users and their limits.</summary>
[ApiController]
[Route("api/v1/admin/users")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminUsersController(IMediator mediator, IMapper mapper) : ControllerBase
{
    /// <summary>Create a user.</summary>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The user.</param>
    /// <response code="201">The user, with the configured default limits.</response>
    [HttpPost]
    [ProducesResponseType<UserResponse>(StatusCodes.Status201Created)]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<UserResponse>> Create(CreateUserRequest request, CancellationToken cancellationToken)
    {
        var user = mapper.Map<UserResponse>(await mediator.Send(new CreateUser(HttpContext.Actor(), request.Name), cancellationToken));

        // A path only: the host in the request is chosen by the client.
        return Created(Url.Action(nameof(Get), new { id = user.Id }), user);
    }

    /// <summary>List users, oldest first.</summary>
    /// <param name="teamId">Only users of this team; left out: all users.</param>
    /// <param name="next">The <c>next</c> of the previous page.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="limit">Users a page, 1 to 200.</param>
    /// <response code="200">One page.</response>
    [OpenToTeamAdministrators]
    [HttpGet]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<UserListResponse>> List(Guid? teamId, Guid? next, CancellationToken cancellationToken, int limit = 50)
    {
        var page = await mediator.Send(new ListUsers(HttpContext.Actor(), teamId, next, limit), cancellationToken);
        return new UserListResponse(mapper.Map<IReadOnlyList<UserResponse>>(page.Items), page.Next);
    }

    /// <summary>One user.</summary>
    /// <param name="id">The user's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The user.</response>
    [OpenToTeamAdministrators]
    [HttpGet("{id:guid}")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<UserResponse>> Get(Guid id, CancellationToken cancellationToken) =>
        mapper.Map<UserResponse>(await mediator.Send(new GetUser(HttpContext.Actor(), id), cancellationToken));

    /// <summary>Rename, disable or enable a user.</summary>
    /// <remarks>The last user with an active administrator key cannot be disabled.</remarks>
    /// <param name="id">The user's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The changes.</param>
    /// <response code="200">The user.</response>
    [HttpPatch("{id:guid}")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<UserResponse>> Update(Guid id, UpdateUserRequest request, CancellationToken cancellationToken) =>
        mapper.Map<UserResponse>(await mediator.Send(new UpdateUser(HttpContext.Actor(), id, request.Name, request.Disabled), cancellationToken));

    /// <summary>Erase the personal data of a user, and revoke its keys.</summary>
    /// <remarks>
    /// Names, external id, preference, stored responses, end users in records, and descriptions, tags and networks of keys are
    /// replaced or removed, also in the audit log. Amounts and counters stay. It cannot be undone. Repeat it after a few
    /// seconds where other gateways share the database: they may accept the keys for up to 5 seconds.
    /// </remarks>
    /// <param name="id">The user's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The user, disabled and without a name.</response>
    [HttpPost("{id:guid}/erase")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<UserResponse>> Erase(Guid id, CancellationToken cancellationToken) =>
        mapper.Map<UserResponse>(await mediator.Send(new EraseUser(HttpContext.Actor(), id), cancellationToken));

    /// <summary>Put a user into a team, or out of it.</summary>
    /// <remarks>The user's keys count for the team, except those with a team or project of their own.</remarks>
    /// <param name="id">The user's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The team.</param>
    /// <response code="200">The user.</response>
    [HttpPut("{id:guid}/team")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<UserResponse>> SetTeam(Guid id, UserTeamRequest request, CancellationToken cancellationToken) =>
        mapper.Map<UserResponse>(await mediator.Send(new SetUserTeam(HttpContext.Actor(), id, request.NewTeamId), cancellationToken));

    /// <summary>The limits in force for a user.</summary>
    /// <param name="id">The user's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The limits.</response>
    [OpenToTeamAdministrators]
    [HttpGet("{id:guid}/quota")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<UserQuotaResponse>> Quota(Guid id, CancellationToken cancellationToken) =>
        mapper.Map<UserQuotaResponse>(await mediator.Send(new GetUserQuota(HttpContext.Actor(), id), cancellationToken));

    /// <summary>Give a user limits of their own.</summary>
    /// <remarks>
    /// They apply from the next request on, also to what is already used. A refused caller may be refused for up to 5 more
    /// seconds.
    /// </remarks>
    /// <param name="id">The user's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The limits.</param>
    /// <response code="200">The limits.</response>
    [OpenToTeamAdministrators]
    [HttpPut("{id:guid}/quota")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<UserQuotaResponse>> SetQuota(Guid id, UserQuotaRequest request, CancellationToken cancellationToken)
    {
        var command = new SetUserQuota(
            HttpContext.Actor(), id, request.DailyRequests, request.MonthlyRequests, request.MonthlySpendUsd);
        return mapper.Map<UserQuotaResponse>(await mediator.Send(command, cancellationToken));
    }
}
