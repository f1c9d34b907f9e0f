using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.Providers;

/// <summary>A provider that counts the input tokens of a request, free of charge.</summary>
public interface ITokenCountingAdapter : IModelAdapter
{
    /// <summary>The provider's count.</summary>
    /// <param name="request">The request in the provider's wire.</param>
    /// <param name="model">The model's name at the provider.</param>
    /// <param name="requestId">The request's id, for log lines.</param>
    /// <param name="userId">Whose request it is: failures count by user.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <returns>The provider's reply, unchanged.</returns>
    /// <exception cref="ProviderException">The provider failed or refused.</exception>
    Task<ReadOnlyMemory<byte>> CountTokensAsync(WireRequest request, string model, Guid requestId, Guid userId, CancellationToken cancellationToken);
}
