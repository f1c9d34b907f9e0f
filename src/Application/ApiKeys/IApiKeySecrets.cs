namespace AiGateway.Application.ApiKeys;

/// <summary>Makes the secrets of API keys.</summary>
public interface IApiKeySecrets
{
    /// <summary>A new secret of 256 random bits, <c>agw_...</c>. Its last 6 characters are a checksum of what precedes them.</summary>
    string Create();

    /// <summary>The part of a secret that may be shown.</summary>
    string PrefixOf(string secret);

    /// <summary>The stored form of the secret: its SHA-256.</summary>
    byte[] HashOf(string secret);
}
