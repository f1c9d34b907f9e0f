using AiGateway.Application.Requests;
using AiGateway.Application.Telemetry;
using AiGateway.Domain;

namespace AiGateway.Application;

/// <summary>The operator's choices that the use cases follow.</summary>
public sealed record GatewayDefaults
{
    /// <summary>The model for requests without one (<c>OPENAI_MODEL</c>).</summary>
    public required string Model { get; init; }

    /// <summary>
    /// The output limit of requests without one (<c>OPENAI_MAX_TOKENS</c>). At the compatible APIs it is the least; a larger
    /// budget allows more.
    /// </summary>
    public required long MaxTokens { get; init; }

    /// <summary>
    /// Whether the output limit of a request is lowered to what its budget has left, instead of a refusal
    /// (<c>AI_GATEWAY_LOWER_OUTPUT_LIMIT</c>). It applies to the compatible APIs.
    /// </summary>
    public bool LowersOutputLimit { get; init; }

    /// <summary>The charge for an attempt with an unknown outcome (<c>AI_GATEWAY_UNKNOWN_OUTCOME</c>).</summary>
    public UnknownOutcome UnknownOutcome { get; init; }

    /// <summary>Limits of users without limits of their own (<c>AI_QUOTA_*</c>).</summary>
    public required QuotaLimits Limits { get; init; }

    /// <summary>The rule for tools that the provider runs (<c>AI_GATEWAY_PROVIDER_TOOLS</c>).</summary>
    public ProviderToolRule ProviderTools { get; init; }

    /// <summary>Names of <see cref="UnpricedMembers"/> that pass (<c>AI_GATEWAY_ALLOWED_MEMBERS</c>); default: none.</summary>
    public IReadOnlyList<string> AllowedMembers { get; init; } = [];

    /// <summary>What spans and metrics hold.</summary>
    public TelemetryChoices Telemetry { get; init; } = new();
}
