namespace AiGateway.Api.Limits;

/// <summary>An endpoint that sends the generate command: a caller whose quota is spent is refused before its body is read.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SpendsQuotaAttribute : Attribute;
