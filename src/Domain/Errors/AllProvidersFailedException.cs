namespace AiGateway.Domain;

/// <summary>Every provider that serves the model was tried and failed.</summary>
public sealed class AllProvidersFailedException(IReadOnlyList<ProviderException> failures)
    : AiGatewayException(
        ErrorCode.AllProvidersFailed,
        $"Every provider failed: {string.Join("; ", failures.Select(failure => $"{failure.Provider}: {failure.Code.ToName()}"))}.",
        failures[^1])
{
    /// <summary>The failure of each, in the order of the attempts; never empty.</summary>
    public IReadOnlyList<ProviderException> Failures { get; } = failures;
}
