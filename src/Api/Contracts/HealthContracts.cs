using System.Text.Json.Serialization;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts;

/// <summary>The health of the gateway. Only authenticated callers see the details.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> (a part fails) or <c>unhealthy</c> (no database, or no provider).</param>
/// <param name="Gateway">The gateway process; left out for anonymous callers.</param>
/// <param name="Database">The database; left out for anonymous callers.</param>
/// <param name="Providers">Each provider, as of a check at most 15 seconds old; left out for anonymous callers.</param>
public sealed record HealthResponse(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PartHealthResponse? Gateway,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PartHealthResponse? Database,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<PartHealthResponse>? Providers);

/// <summary>The health of one part.</summary>
/// <param name="Name"><c>gateway</c>, <c>database</c> or the provider's name.</param>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="LatencyMs">How long the check took, in milliseconds.</param>
/// <param name="LastCheck">When it was checked.</param>
/// <param name="Problem">What is wrong; null when healthy.</param>
/// <param name="Cooling">Of a provider: its models that failed and are tried after others for a while; left out when there are none.</param>
/// <param name="Learned">Of a provider: what its refusals taught the gateway about its requests; left out when it is nothing.</param>
public sealed record PartHealthResponse(
    string Name,
    string Status,
    double LatencyMs,
    DateTimeOffset LastCheck,
    string? Problem,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<CoolingModelResponse>? Cooling = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Learned = null);

/// <summary>A model that failed at a provider.</summary>
/// <param name="Model">Its name at the gateway.</param>
/// <param name="Until">When it is tried again.</param>
/// <param name="Reason">The error code of the failure.</param>
public sealed record CoolingModelResponse(string Model, DateTimeOffset Until, string Reason)
{
    internal static CoolingModelResponse Of(CoolingModel cooling) => new(cooling.Model, cooling.Until, cooling.Reason.ToName());
}

/// <summary>The answer to a probe.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
public sealed record ProbeResponse(string Status);
