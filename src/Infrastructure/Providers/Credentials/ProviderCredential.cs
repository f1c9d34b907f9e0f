namespace AiGateway.Infrastructure.Providers.Credentials;

/// <summary>What the gateway authenticates with at a provider. A secret is never logged and sent nowhere else.</summary>
public abstract class ProviderCredential
{
    /// <summary>The header, such as <c>Authorization</c>.</summary>
    public required string Header { get; init; }

    /// <summary>Text before the secret, such as <c>Bearer </c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The secret of the last call, to remove it from a provider's message; null before the first one.</summary>
    public abstract string? Last { get; }

    /// <summary>The secret now.</summary>
    /// <exception cref="HttpRequestException">There is none: a file is gone, or the identity provider does not answer.</exception>
    public abstract ValueTask<string> GetAsync(CancellationToken cancellationToken);

    /// <summary>The failure of a call that has no secret.</summary>
    protected static HttpRequestException Unavailable(string problem, Exception? cause = null) =>
        new(HttpRequestError.UserAuthenticationError, problem, cause);

    /// <summary>Omits the secret.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>A key that does not change while the gateway runs.</summary>
public sealed class FixedKey(string key) : ProviderCredential
{
    /// <inheritdoc/>
    public override string Last => key;

    /// <inheritdoc/>
    public override ValueTask<string> GetAsync(CancellationToken cancellationToken) => new(key);
}
