namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>Sends requests to one account and returns the answers unread.</summary>
internal interface IProviderConnection : IDisposable
{
    /// <summary>The account that it calls with.</summary>
    ProviderAccount Account { get; }

    /// <summary>Used only to remove it from a provider's message; empty before the first call.</summary>
    string ApiKey { get; }

    /// <summary>
    /// Sends a request. The answer is returned as soon as its headers are there, whatever its status. The request holds
    /// nothing but bytes, so there is nothing to dispose of.
    /// </summary>
    /// <exception cref="HttpRequestException">No answer came; without a credential, nothing was sent.</exception>
    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken);

    /// <summary>Asks for the list of models, which costs nothing.</summary>
    Task<int> GetModelsStatusAsync(CancellationToken cancellationToken);
}
