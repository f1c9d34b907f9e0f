using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.Providers;

/// <summary>A provider that counts the input tokens of a request at no charge.</summary>
public interface ITokenCountingAdapter : IModelAdapter
{
    /// <summary>Has the provider count.</summary>
    /// <param name="request">The request, in the provider's wire.</param>
    /// <param name="model">The model's name at the gateway.</param>
    /// <param name="requestId">The request's id, for the log.</param>
    /// <param name="userId">The user whose failures and successes are counted.</param>
    /// <param name="cancellationToken">Cancelled when the caller leaves.</param>
    /// <returns>The provider's reply; its body is the provider's JSON, unchanged.</returns>
    /// <exception cref="ProviderException">The provider failed or refused; the code says how.</exception>
    Task<ModelReply> CountTokensAsync(WireRequest request, string model, Guid requestId, Guid userId, CancellationToken cancellationToken);
}
