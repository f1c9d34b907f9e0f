namespace AiGateway.Api.Limits;

/// <summary>Marks an endpoint that counts tokens free of charge. A user may run only a few such requests at once.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EstimatesAttribute : Attribute;
