namespace AiGateway.Api.Limits;

/// <summary>
/// Marks an endpoint that sends the generate command. A caller whose quota is used up is refused before the body is read.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SpendsQuotaAttribute : Attribute;
