namespace AiGateway.Domain;

/// <summary>A service that runs models.</summary>
public sealed class Provider
{
    /// <summary>Its name in requests and usage records, such as <c>openai</c>; also the key of the row.</summary>
    public required string Name { get; init; }

    /// <summary>Its display name.</summary>
    public required string DisplayName { get; set; }

    /// <summary>The model used by default.</summary>
    public required string DefaultModel { get; set; }

    /// <summary>When the row was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the last check found.</summary>
    public ProviderHealth? Health { get; init; }
}
