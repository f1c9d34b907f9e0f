using System.Text.Json.Serialization;
using AiGateway.Api.Auth;
using AiGateway.Api.Errors;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Models;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.OpenAi;

/// <summary>The models, in OpenAI's format.</summary>
[ApiController]
[Route("v1/models")]
[ErrorFormat(ErrorFormat.OpenAi)]
[Authorize(Policies.Generate)]
[Tags("OpenAI")]
public sealed class OpenAiModelsController(IMediator mediator) : ControllerBase
{
    /// <summary>The models of this gateway; retired ones are left out.</summary>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The models.</response>
    [HttpGet]
    public async Task<ActionResult<OpenAiModelList>> List(CancellationToken cancellationToken) =>
        new OpenAiModelList([.. await ActiveAsync(cancellationToken)]);

    /// <summary>One model.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The model.</response>
    [HttpGet("{model}")]
    [FailsWith(ErrorCode.ModelNotFound)]
    public async Task<ActionResult<OpenAiModel>> Get(string model, CancellationToken cancellationToken) =>
        (await ActiveAsync(cancellationToken)).FirstOrDefault(each => each.Id == model)
        ?? throw new AiGatewayException(ErrorCode.ModelNotFound, $"The model {model} is not available on this gateway.");

    private async Task<IEnumerable<OpenAiModel>> ActiveAsync(CancellationToken cancellationToken)
    {
        var models = await mediator.Send(new ListModels(), cancellationToken);
        return models.Where(served => !served.IsRetired).DistinctBy(served => served.Model.Model).Select(OpenAiModel.Of);
    }
}

/// <summary>A list of models.</summary>
/// <param name="Data">The models.</param>
public sealed record OpenAiModelList([property: JsonPropertyName("data")] IReadOnlyList<OpenAiModel> Data)
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "list";
}

/// <summary>A model.</summary>
/// <param name="Id">Its name in requests.</param>
/// <param name="Created">Unix seconds of the day from which its price is known.</param>
/// <param name="OwnedBy">The provider.</param>
/// <param name="ShutdownDate">First day on which it is no longer served, as yyyy-MM-dd; null: unknown.</param>
public sealed record OpenAiModel(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("created")] long Created,
    [property: JsonPropertyName("owned_by")] string OwnedBy,
    [property: JsonPropertyName("shutdown_date")] DateOnly? ShutdownDate)
{
    /// <summary>Always <c>model</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "model";

    internal static OpenAiModel Of(ServedModel served) => new(
        served.Model.Model,
        new DateTimeOffset(served.Model.Prices[0].EffectiveFrom, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds(),
        served.Provider,
        served.Model.RetiredOn);
}
