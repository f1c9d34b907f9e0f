namespace AiGateway.Domain;

/// <summary>A change of the state of a provider, or of one of its models. The rows are the history of its health.</summary>
public sealed class ProviderHealthChange
{
    /// <summary>The id, ordered by time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The provider's name.</summary>
    public required string ProviderName { get; init; }

    /// <summary>The model that cools down or does so no longer; empty: the provider itself.</summary>
    public string Model { get; init; } = "";

    /// <summary>The state from then on.</summary>
    public required HealthState State { get; init; }

    /// <summary>What was wrong, without secrets; null when healthy.</summary>
    public string? Problem { get; init; }

    /// <summary>When it was noticed.</summary>
    public required DateTimeOffset At { get; init; }
}
