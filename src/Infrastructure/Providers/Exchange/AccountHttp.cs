using System.Diagnostics;
using System.Net;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>The HTTP client of one account, which adds the account's secret to every request.</summary>
internal sealed class AccountHttp(ProviderAccount account) : IDisposable
{
    private readonly HttpMessageInvoker _http = ProviderHttp.Create(
        account.Proxy is { } proxy ? new WebProxy(proxy) : EnvironmentProxy.From(Environment.GetEnvironmentVariable), account.MaxConnections);

    /// <inheritdoc cref="IProviderConnection.ApiKey"/>
    public string ApiKey => account.Credential.Last ?? "";

    /// <inheritdoc cref="IProviderConnection.SendAsync"/>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var secret = account.Credential.GetAsync(cancellationToken);
        if (!secret.IsCompletedSuccessfully) return SendWhenKnownAsync(request, secret, cancellationToken);
        Authenticate(request, secret.Result);
        return SendTracedAsync(request, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendWhenKnownAsync(
        HttpRequestMessage request, ValueTask<string> secret, CancellationToken cancellationToken)
    {
        Authenticate(request, await secret);
        return await SendTracedAsync(request, cancellationToken);
    }

    private Task<HttpResponseMessage> SendTracedAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Activity.Current is null
        ? _http.SendAsync(request, cancellationToken)
        : AttemptSpan.SendAsync(_http, request, account.SendsTraceparent, cancellationToken);

    private void Authenticate(HttpRequestMessage request, string secret)
    {
        var credential = account.Credential;
        request.Headers.TryAddWithoutValidation(credential.Header, credential.Prefix.Length == 0 ? secret : credential.Prefix + secret);
    }
}
