using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.Http;
using AiGateway.Application.Health;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>Health.</summary>
[ApiController]
[AllowAnonymous]
[Tags("Health")]
public sealed class HealthController(IMediator mediator) : ControllerBase
{
    /// <summary>The health of the gateway, its database and its providers.</summary>
    /// <remarks>Anonymous callers see only the overall status.</remarks>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">Healthy, or degraded: a part fails.</response>
    /// <response code="503">Unhealthy: no database, or no provider.</response>
    [HttpGet("api/v1/ai/health")]
    [ProducesResponseType<HealthResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType<HealthResponse>(StatusCodes.Status503ServiceUnavailable)]
    public async Task<ActionResult<HealthResponse>> Health(CancellationToken cancellationToken)
    {
        var report = await mediator.Send(new GetHealth(), cancellationToken);
        var status = report.State == HealthState.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return StatusCode(status, HttpContext.FindCaller() is null ? Brief(report) : Full(report));
    }

    /// <summary>Whether the process runs. It calls neither database nor providers.</summary>
    /// <response code="200">It runs.</response>
    [HttpGet("health/live")]
    public ActionResult<ProbeResponse> Live() => new ProbeResponse(WireName.Of(HealthState.Healthy));

    /// <summary>Whether the gateway can take requests: its database answers. It calls no provider.</summary>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">It can.</response>
    /// <response code="503">The database does not answer.</response>
    [HttpGet("health/ready")]
    [ProducesResponseType<ProbeResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType<ProbeResponse>(StatusCodes.Status503ServiceUnavailable)]
    public async Task<ActionResult<ProbeResponse>> Ready(CancellationToken cancellationToken)
    {
        var state = await mediator.Send(new GetReadiness(), cancellationToken);
        var status = state == HealthState.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return StatusCode(status, new ProbeResponse(WireName.Of(state)));
    }

    private static HealthResponse Brief(HealthReport report) => new(WireName.Of(report.State), null, null, null);

    private HealthResponse Full(HealthReport report) => new(
        WireName.Of(report.State),
        new PartHealthResponse("gateway", WireName.Of(HealthState.Healthy), 0, HttpContext.Identity().ReceivedAt, null),
        ToPart(report.Database),
        [.. report.Providers.Select(ToPart)]);

    private static PartHealthResponse ToPart(HealthStatus status) => new(
        status.Name, WireName.Of(status.State), Math.Round(status.Latency.TotalMilliseconds, 3), status.CheckedAt, status.Problem,
        status.Cooling.Count == 0 ? null : [.. status.Cooling.Select(CoolingModelResponse.Of)],
        status.Learned.Count == 0 ? null : status.Learned);
}
