namespace AiGateway.Domain;

/// <summary>A limit has no room for the request.</summary>
public sealed class QuotaExceededException(QuotaRefusal refusal)
    : AiGatewayException(ErrorCode.QuotaExceeded, refusal.Describe())
{
    /// <summary>Which limit refused, and when it resets.</summary>
    public QuotaRefusal Refusal { get; } = refusal;
}
