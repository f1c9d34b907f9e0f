namespace AiGateway.Domain;

/// <summary>One fault of a request.</summary>
/// <param name="Field">The field as the caller wrote it, such as <c>options.temperature</c>; empty for the whole body.</param>
/// <param name="Message">The fault and its correction.</param>
public sealed record Fault(string Field, string Message);
