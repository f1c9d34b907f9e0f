namespace AiGateway.Api.RequestLimits;

/// <summary>
/// Marks an endpoint that sends the generate command. A caller whose quota is used up is refused before the body is read.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SpendsQuotaAttribute : Attribute;

/// <summary>Marks an endpoint that counts tokens free of charge. A user may run only a few such requests at once.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EstimatesAttribute : Attribute;
