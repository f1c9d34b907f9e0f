namespace AiGateway.Application.Generation;

/// <summary>The operator's choice of providers.</summary>
/// <param name="Order">
/// Provider names in the order in which they are tried; other providers come after, in order of registration.
/// </param>
/// <param name="FallBack">Whether the next provider that serves the model is tried when one fails.</param>
public sealed record RoutingPolicy(IReadOnlyList<string> Order, bool FallBack = true);
