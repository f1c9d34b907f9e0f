using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace AiGateway.Infrastructure.Callers;

/// <summary>The SHA-256 of a key as a value, so that finding a caller in memory allocates nothing.</summary>
internal readonly record struct KeyHash(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Longer texts cannot be a key of the gateway and are not hashed.</summary>
    public const int MaxSecretLength = 512;

    public static KeyHash Of(string secret)
    {
        Span<byte> text = stackalloc byte[MaxSecretLength * 3];
        Span<ulong> hash = stackalloc ulong[4];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(secret, text)], MemoryMarshal.AsBytes(hash));
        return new KeyHash(hash[0], hash[1], hash[2], hash[3]);
    }

    /// <summary>Reads the stored form; false when it is of another length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> stored, out KeyHash hash)
    {
        var isHash = stored.Length == SHA256.HashSizeInBytes;
        hash = isHash ? MemoryMarshal.Read<KeyHash>(stored) : default;
        return isHash;
    }

    public byte[] ToBytes() => MemoryMarshal.AsBytes<ulong>(new[] { A, B, C, D }).ToArray();

    /// <summary>Compares in constant time.</summary>
    public bool Matches(ReadOnlySpan<byte> stored) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes<ulong>([A, B, C, D]), stored);
}
