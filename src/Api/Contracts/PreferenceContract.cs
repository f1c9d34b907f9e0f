namespace AiGateway.Api.Contracts;

/// <summary>The model and provider for your requests that do not name one.</summary>
public sealed record PreferenceContract
{
    /// <summary>The model; null: the configured default.</summary>
    public string? Model { get; init; }

    /// <summary>The provider; null: the configured order.</summary>
    public string? Provider { get; init; }
}
