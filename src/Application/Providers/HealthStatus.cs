using AiGateway.Domain;

namespace AiGateway.Application.Providers;

/// <summary>What one check found.</summary>
/// <param name="Name">What was checked: <c>gateway</c>, <c>database</c> or a provider's name.</param>
/// <param name="State">Its state.</param>
/// <param name="Latency">How long the check took.</param>
/// <param name="CheckedAt">When.</param>
/// <param name="Problem">What is wrong, without secrets; null when healthy.</param>
public sealed record HealthStatus(
    string Name, HealthState State, TimeSpan Latency, DateTimeOffset CheckedAt, string? Problem = null);
