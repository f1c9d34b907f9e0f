using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.Contracts.Alerts;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Alerts;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers.Alerts;

/// <summary>Webhooks, which get alerts.</summary>
[ApiController]
[Route("api/v1/admin/webhooks")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminWebhooksController(IMediator mediator) : ControllerBase
{
    /// <summary>Create a webhook.</summary>
    /// <remarks>It gets alerts from now on, as signed POST requests. The secret for the signature is in this reply, and in no later one.</remarks>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The webhook.</param>
    /// <response code="201">The webhook and its secret.</response>
    [HttpPost]
    [ProducesResponseType<WebhookSecretResponse>(StatusCodes.Status201Created)]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<WebhookSecretResponse>> Create(CreateWebhookRequest request, CancellationToken cancellationToken)
    {
        var command = new CreateWebhook(HttpContext.Actor(), request.Url, request.Events, FormatOf(request.Format) ?? WebhookFormat.Generic);
        var webhook = await mediator.Send(command, cancellationToken);

        // A path only: the host in the request is chosen by the client.
        return Created(Url.Action(nameof(Get), new { id = webhook.Id }), WebhookSecretResponse.Of(webhook));
    }

    /// <summary>List the webhooks, oldest first.</summary>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">All webhooks.</response>
    [HttpGet]
    [FailsWith(ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<WebhookListResponse>> List(CancellationToken cancellationToken) =>
        new WebhookListResponse([.. (await mediator.Send(new ListWebhooks(), cancellationToken)).Select(WebhookResponse.Of)]);

    /// <summary>One webhook.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The webhook.</response>
    [HttpGet("{id:guid}")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<WebhookResponse>> Get(Guid id, CancellationToken cancellationToken) =>
        WebhookResponse.Of(await mediator.Send(new GetWebhook(id), cancellationToken));

    /// <summary>Change, disable or enable a webhook.</summary>
    /// <remarks>Deliveries of a disabled webhook wait. A webhook gets no alerts of the time in which it was disabled.</remarks>
    /// <param name="id">The webhook's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The changes.</param>
    /// <response code="200">The webhook.</response>
    [HttpPatch("{id:guid}")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<WebhookResponse>> Update(Guid id, UpdateWebhookRequest request, CancellationToken cancellationToken)
    {
        var command = new UpdateWebhook(HttpContext.Actor(), id)
        {
            Url = request.Url,
            Events = request.Events,
            Format = FormatOf(request.Format),
            Disabled = request.Disabled,
        };
        return WebhookResponse.Of(await mediator.Send(command, cancellationToken));
    }

    /// <summary>Give a webhook a new secret.</summary>
    /// <remarks>Every attempt from now on is signed with it, here at once, at other replicas within 5 seconds.</remarks>
    /// <param name="id">The webhook's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The webhook and its new secret.</response>
    [HttpPost("{id:guid}/rotate")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<WebhookSecretResponse>> Rotate(Guid id, CancellationToken cancellationToken) =>
        WebhookSecretResponse.Of(await mediator.Send(new RotateWebhook(HttpContext.Actor(), id), cancellationToken));

    /// <summary>Send a test event to a webhook.</summary>
    /// <remarks>It is sent like an alert, with retries. The list of deliveries shows what came of it.</remarks>
    /// <param name="id">The webhook's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="202">The delivery, which is pending.</response>
    [HttpPost("{id:guid}/test")]
    [ProducesResponseType<DeliveryResponse>(StatusCodes.Status202Accepted)]
    [FailsWith(ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<DeliveryResponse>> Test(Guid id, CancellationToken cancellationToken) =>
        Accepted(DeliveryResponse.Of(await mediator.Send(new TestWebhook(id), cancellationToken)));

    /// <summary>The deliveries to a webhook, newest first.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="next">The <c>next</c> of the previous page.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="limit">Deliveries a page, 1 to 200.</param>
    /// <response code="200">One page.</response>
    [HttpGet("{id:guid}/deliveries")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<DeliveryListResponse>> Deliveries(Guid id, Guid? next, CancellationToken cancellationToken, int limit = 50)
    {
        var page = await mediator.Send(new ListDeliveries(id, next, limit), cancellationToken);
        return new DeliveryListResponse([.. page.Items.Select(DeliveryResponse.Of)], page.Next);
    }

    /// <summary>Delete a webhook.</summary>
    /// <remarks>Its deliveries are deleted too. What is not delivered yet is dropped.</remarks>
    /// <param name="id">The webhook's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="204">It is deleted.</response>
    [HttpDelete("{id:guid}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<IActionResult> Delete(Guid id, CancellationToken cancellationToken)
    {
        await mediator.Send(new DeleteWebhook(HttpContext.Actor(), id), cancellationToken);
        return NoContent();
    }

    private static WebhookFormat? FormatOf(string? name)
    {
        if (name is null) return null;
        foreach (var format in Enum.GetValues<WebhookFormat>())
        {
            if (WireName.Of(format) == name) return format;
        }

        throw new InvalidRequestException("format", "must be generic, slack or teams");
    }
}
