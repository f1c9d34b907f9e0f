using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Targets;

/// <summary>The last failures of one provider, in memory.</summary>
internal sealed class RecentErrors(TimeProvider time)
{
    /// <summary>How many are kept.</summary>
    public const int Kept = 20;

    private readonly Lock _gate = new();
    private readonly Queue<ProviderError> _errors = new(Kept);

    /// <summary>Notes a failure, unless it concerns the request alone.</summary>
    public void Note(string model, ProviderException failure)
    {
        if (failure.Code is ErrorCode.ProviderRejected or ErrorCode.ContextLengthExceeded) return;
        lock (_gate)
        {
            if (_errors.Count == Kept) _errors.Dequeue();
            _errors.Enqueue(new ProviderError(time.GetUtcNow(), model, failure.Code, failure.ProviderStatus));
        }
    }

    /// <summary>The failures, newest first.</summary>
    public IReadOnlyList<ProviderError> Read()
    {
        lock (_gate) return [.. _errors.Reverse()];
    }
}
