using AiGateway.Domain;

namespace AiGateway.Api.OpenApi;

/// <summary>Names the errors that an endpoint can answer with, for its documentation.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class FailsWithAttribute(params ErrorCode[] codes) : Attribute
{
    public IReadOnlyList<ErrorCode> Codes { get; } = codes;
}
