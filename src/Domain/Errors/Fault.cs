namespace AiGateway.Domain;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Field">The field as the caller wrote it, such as <c>options.temperature</c>; empty for the whole body.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record Fault(string Field, string Message);
