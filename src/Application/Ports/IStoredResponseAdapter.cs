using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>A provider that stores responses.</summary>
public interface IStoredResponseAdapter : IModelAdapter
{
    /// <summary>Has the provider read, delete or cancel a response; returns its JSON unchanged.</summary>
    /// <exception cref="ProviderException">The provider failed or refused; the code says how.</exception>
    Task<ReadOnlyMemory<byte>> AskAsync(AskStoredResponse request, CancellationToken cancellationToken);
}
