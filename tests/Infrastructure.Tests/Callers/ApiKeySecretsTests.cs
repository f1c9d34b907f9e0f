using System.Security.Cryptography;
using AiGateway.Infrastructure.Callers;

namespace AiGateway.Infrastructure.Tests.Callers;

internal sealed class ApiKeySecretsTests
{
    private readonly ApiKeySecrets _secrets = new();

    [Test]
    public void Create_Always_ReturnsANewSecretOf256Bits()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => _secrets.Create()).ToList();

        Assert.That(secrets, Is.Unique);
        Assert.That(secrets, Has.All.Match("^agw_[A-Za-z0-9_-]{43}[A-Za-z0-9]{6}$"));
        Assert.That(secrets, Has.All.Matches<string>(secret => secret![^KeyChecksum.Length..] == KeyChecksum.Of(secret[..^KeyChecksum.Length])));
    }

    // Worked out with zlib's crc32.
    [TestCase("123456789", "3jZRME")]
    [TestCase("agw_é", "2U39yq")]
    [TestCase("", "000000")]
    public void Checksum_OfAText_IsItsCrc32InBase62(string text, string expected) => Assert.That(KeyChecksum.Of(text), Is.EqualTo(expected));

    [TestCase("agw_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", "agw_01234567")]
    [TestCase("short-key", "sho")]
    [TestCase("ab", "")]
    public void PrefixOf_AnySecret_ShowsAtMostAThird(string secret, string expected) =>
        Assert.That(_secrets.PrefixOf(secret), Is.EqualTo(expected));

    [Test]
    public void HashOf_ASecret_IsItsSha256()
    {
        Assert.That(_secrets.HashOf("é"), Is.EqualTo(SHA256.HashData([0xC3, 0xA9])));
        Assert.That(KeyHash.Of("é").ToBytes(), Is.EqualTo(_secrets.HashOf("é")));
        Assert.That(KeyHash.Of("é").Matches(_secrets.HashOf("é")), Is.True);
        Assert.That(KeyHash.Of("é").Matches(_secrets.HashOf("e")), Is.False);
    }
}
