namespace AiGateway.Api.OpenApi;

/// <summary>Where everything is; addresses are relative to the root of the gateway.</summary>
/// <param name="Name">The product, <c>AiGateway</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="Health">The state of the gateway.</param>
/// <param name="OpenApi">The OpenAPI document; null when <c>AI_GATEWAY_DOCS</c> is false.</param>
/// <param name="Documentation">Swagger UI; null when <c>AI_GATEWAY_DOCS</c> is false.</param>
/// <param name="Apis">The APIs.</param>
public sealed record IndexResponse(string Name, string Version, string Health, string? OpenApi, string? Documentation, ApisResponse Apis);

/// <summary>The prefix of each API.</summary>
/// <param name="Native">The gateway's own API.</param>
/// <param name="OpenAiCompatible">The API for clients of OpenAI: their base URL ends in this.</param>
public sealed record ApisResponse(string Native, string OpenAiCompatible);
