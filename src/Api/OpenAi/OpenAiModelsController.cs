using System.Text.Json.Serialization;
using AiGateway.Api.Auth;
using AiGateway.Api.Errors;
using AiGateway.Api.Http;
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
[Authorize(Policies.Usage)]
[Tags("OpenAI")]
public sealed class OpenAiModelsController(IMediator mediator) : ControllerBase
{
    /// <summary>The models of this gateway; retired ones are left out.</summary>
    /// <param name="clientVersion">Codex sends its version, and then needs the member <c>models</c>.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The models.</response>
    [HttpGet]
    public async Task<ActionResult<OpenAiModelList>> List(
        [FromQuery(Name = "client_version")] string? clientVersion, CancellationToken cancellationToken) =>
        new OpenAiModelList([.. await ActiveAsync(cancellationToken)]) { Models = clientVersion is null ? null : [] };

    /// <summary>One model.</summary>
    /// <param name="model">Its name, with slashes as they are or escaped.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The model.</response>
    [HttpGet("{**model}")]
    [FailsWith(ErrorCode.ModelNotFound)]
    public async Task<ActionResult<OpenAiModel>> Get(string model, CancellationToken cancellationToken)
    {
        var name = SlashNames.Decode(model);
        return (await ActiveAsync(cancellationToken)).FirstOrDefault(each => each.Id == name)
            ?? throw new AiGatewayException(ErrorCode.ModelNotFound, $"The model {name} is not available on this gateway.");
    }

    private async Task<IEnumerable<OpenAiModel>> ActiveAsync(CancellationToken cancellationToken)
    {
        var models = await mediator.Send(new ListModels(HttpContext.Caller().AllowedModels), cancellationToken);
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

    /// <summary>
    /// Codex's own descriptions of models, which this gateway does not have; given only when it is needed. Codex fails without
    /// the member and uses its built-in descriptions when it is empty.
    /// </summary>
    [JsonPropertyName("models")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<OpenAiModel>? Models { get; init; }
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
