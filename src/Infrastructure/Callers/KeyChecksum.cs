using System.Text;

namespace AiGateway.Infrastructure.Callers;

/// <summary>
/// The last characters of a secret: the CRC-32 of all that precedes them, in base 62. Scanners for leaked secrets tell a key
/// from a random text by it.
/// </summary>
internal static class KeyChecksum
{
    /// <summary>Characters of a checksum.</summary>
    public const int Length = 6;

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const uint Polynomial = 0xEDB88320;

    /// <summary>The checksum of a text.</summary>
    public static string Of(string text) => string.Create(Length, Crc32(Encoding.UTF8.GetBytes(text)), static (digits, crc) =>
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = Digits[(int)(crc % (uint)Digits.Length)];
            crc /= (uint)Digits.Length;
        }
    });

    // The CRC-32 of zip and gzip. A secret is short, and is made rarely.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var each in bytes)
        {
            crc ^= each;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Polynomial;
        }

        return ~crc;
    }
}
