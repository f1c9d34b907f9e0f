using System.Globalization;
using System.Text.Json.Serialization;
using AiGateway.Api.Auth;
using AiGateway.Api.Errors;
using AiGateway.Api.Http;
using AiGateway.Application.Models;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Anthropic;

/// <summary>The models in Anthropic's format, for clients that send <c>anthropic-version</c>.</summary>
[ApiController]
[Route("v1/models")]
[SpeaksAnthropic]
[ApiExplorerSettings(IgnoreApi = true)]
[ErrorFormat(ErrorFormat.Anthropic)]
[Authorize(Policies.Usage)]
public sealed class AnthropicModelsController(IMediator mediator) : ControllerBase
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 1000;

    /// <summary>A page of the models; retired ones are left out.</summary>
    [HttpGet]
    public async Task<ActionResult<AnthropicModelList>> List(
        [FromQuery(Name = "limit")] string? limit,
        [FromQuery(Name = "after_id")] string? afterId,
        [FromQuery(Name = "before_id")] string? beforeId,
        CancellationToken cancellationToken)
    {
        RequestIdHeader.Set(HttpContext);
        var most = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > MaxLimit))
            throw new InvalidRequestException("limit", $"must be a whole number between 1 and {MaxLimit}");
        return AnthropicModelList.PageOf(await ActiveAsync(cancellationToken), most, afterId, beforeId);
    }

    /// <summary>One model.</summary>
    [HttpGet("{**model}")]
    public async Task<ActionResult<AnthropicModel>> Get(string model, CancellationToken cancellationToken)
    {
        RequestIdHeader.Set(HttpContext);
        var name = SlashNames.Decode(model);
        return (await ActiveAsync(cancellationToken)).Find(each => each.Id == name)
            ?? throw new AiGatewayException(ErrorCode.ModelNotFound, $"The model {name} is not available on this gateway.");
    }

    private async Task<List<AnthropicModel>> ActiveAsync(CancellationToken cancellationToken)
    {
        var models = await mediator.Send(new ListModels(HttpContext.Caller().AllowedModels), cancellationToken);
        return [.. models.Where(served => !served.IsRetired && served.Model.Capabilities.Chat).DistinctBy(served => served.Model.Model).Select(AnthropicModel.Of)];
    }
}

/// <summary>A page of models.</summary>
/// <param name="Data">The models.</param>
/// <param name="HasMore">Whether more follow in the direction of the request.</param>
/// <param name="FirstId">The first model of the page, for <c>before_id</c>; null for an empty page.</param>
/// <param name="LastId">The last model of the page, for <c>after_id</c>; null for an empty page.</param>
public sealed record AnthropicModelList(
    [property: JsonPropertyName("data")] IReadOnlyList<AnthropicModel> Data,
    [property: JsonPropertyName("has_more")] bool HasMore,
    [property: JsonPropertyName("first_id")] string? FirstId,
    [property: JsonPropertyName("last_id")] string? LastId)
{
    internal static AnthropicModelList PageOf(List<AnthropicModel> all, int most, string? afterId, string? beforeId)
    {
        var start = afterId is null ? 0 : IndexOf(all, afterId, "after_id") + 1;
        var end = beforeId is null ? all.Count : IndexOf(all, beforeId, "before_id");
        var count = Math.Clamp(end - start, 0, most);

        // Backwards, the page ends before the named model.
        var first = beforeId is not null && afterId is null ? end - count : start;
        var page = all.GetRange(first, count);
        var hasMore = beforeId is not null && afterId is null ? first > 0 : first + count < end;
        return new(page, hasMore, page.Count == 0 ? null : page[0].Id, page.Count == 0 ? null : page[^1].Id);
    }

    private static int IndexOf(List<AnthropicModel> all, string id, string field) => all.FindIndex(each => each.Id == id) is >= 0 and var at
        ? at
        : throw new InvalidRequestException(field, $"names the model {id}, which is not available on this gateway. Take first_id or last_id of a page");
}

/// <summary>A model.</summary>
/// <param name="Id">Its name in requests.</param>
/// <param name="DisplayName">The same name.</param>
/// <param name="CreatedAt">The day from which its price is known.</param>
/// <param name="MaxInputTokens">Its context window, in tokens.</param>
/// <param name="MaxTokens">Its most output tokens.</param>
/// <param name="RetiresAt">First day on which it is no longer served; null: unknown.</param>
public sealed record AnthropicModel(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("display_name")] string DisplayName,
    [property: JsonPropertyName("created_at")] string CreatedAt,
    [property: JsonPropertyName("max_input_tokens")] long MaxInputTokens,
    [property: JsonPropertyName("max_tokens")] long MaxTokens,
    [property: JsonPropertyName("retires_at")] string? RetiresAt)
{
    /// <summary>Always <c>model</c>.</summary>
    [JsonPropertyName("type")]
    public string Type { get; } = "model";

    internal static AnthropicModel Of(ServedModel served) => new(
        served.Model.Model,
        served.Model.Model,
        Instant(served.Model.Prices[0].EffectiveFrom),
        served.Model.Capabilities.ContextWindow,
        served.Model.Capabilities.MaxOutputTokens,
        served.Model.RetiredOn is { } end ? Instant(end) : null);

    private static string Instant(DateOnly day) => day.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture);
}
