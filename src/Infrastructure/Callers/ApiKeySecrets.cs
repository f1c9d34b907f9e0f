using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AiGateway.Application.ApiKeys;

namespace AiGateway.Infrastructure.Callers;

internal sealed class ApiKeySecrets : IApiKeySecrets
{
    private const string Start = "agw_";
    private const int RandomBytes = 32;
    private const int PrefixLength = 12;

    public string Create()
    {
        var secret = Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        return secret + KeyChecksum.Of(secret);
    }

    // A key configured by the operator may be short: at most a third of it is shown.
    public string PrefixOf(string secret) => secret[..Math.Min(PrefixLength, secret.Length / 3)];

    public byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
