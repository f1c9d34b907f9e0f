using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Application.Models;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>Models.</summary>
[ApiController]
[Route("api/v1/ai/models")]
[Authorize(Policies.Usage)]
[Tags("Models")]
public sealed class ModelsController(IMediator mediator) : ControllerBase
{
    /// <summary>The models of this gateway, with capabilities, prices and retirement.</summary>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The models; retired ones last.</response>
    [HttpGet]
    public async Task<ActionResult<ModelListResponse>> List(CancellationToken cancellationToken)
    {
        var models = await mediator.Send(new ListModels(HttpContext.Caller().AllowedModels), cancellationToken);
        return new ModelListResponse([.. models.Select(ToResponse)]);
    }

    private static ModelResponse ToResponse(ServedModel served) => new(
        served.Model.Model,
        served.Provider,
        served.Model.Capabilities.ContextWindow,
        served.Model.Capabilities.MaxOutputTokens,
        served.Model.Capabilities,
        ToPrices(served.Price),
        served.Model.RetiredOn,
        served.IsRetired,
        served.Model.Successor);

    private static ModelPricesResponse ToPrices(ModelPrice price) => new(
        price.EffectiveFrom,
        Money.ToUsd(price.InputNanoUsdPerMillion),
        Money.ToUsd(price.CachedInputNanoUsdPerMillion),
        Money.ToUsd(price.CacheWriteNanoUsdPerMillion),
        Money.ToUsd(price.OutputNanoUsdPerMillion),
        price.LongContextAboveTokens,
        price.LongContextInputPercent,
        price.LongContextOutputPercent,
        price.FlexPercent,
        price.PriorityPercent);
}
