namespace AiGateway.Api.Limits;

/// <summary>An endpoint that counts tokens for nothing: a user may ask it a few times at once only.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EstimatesAttribute : Attribute;
