namespace AiGateway.Domain;

/// <summary>The request would exceed a limit.</summary>
public sealed class QuotaExceededException(QuotaRefusal refusal)
    : AiGatewayException(ErrorCode.QuotaExceeded, refusal.Describe())
{
    /// <summary>The exceeded limit, and when it resets.</summary>
    public QuotaRefusal Refusal { get; } = refusal;
}
