using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Reflection;
using System.Text;

namespace AiGateway.Infrastructure.Pricing.Tokens;

/// <summary>
/// The tokens of an encoding and their ranks. All bytes lie in one array and a hash table holds ranks alone, so 200,000 tokens
/// take 4 MiB. The tables of Microsoft's tokenizer take ten times as much, because they also find the token of an id.
/// </summary>
internal sealed class Vocabulary
{
    /// <summary>The rank of bytes that are no token.</summary>
    public const int NoToken = int.MaxValue;

    private const int UsualBytesPerToken = 8;
    private const int SlotsPerToken = 2;
    private const int LongestLine = 1024;
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
    private readonly ArrayBufferWriter<byte> _bytes;
    private readonly int[] _ends;

    // Each holds a rank plus one; zero: empty. Their number is a power of two.
    private readonly int[] _slots;

    private Vocabulary(int tokens)
    {
        _bytes = new ArrayBufferWriter<byte>(tokens * UsualBytesPerToken);
        _ends = new int[tokens + 1];
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)(tokens * SlotsPerToken))];
    }

    /// <summary>
    /// Reads the vocabulary of a data package of Microsoft.ML.Tokenizers. The first line says how many lines may follow. Each of
    /// them is a token in base64, the rank is its position.
    /// </summary>
    /// <param name="package">The assembly.</param>
    /// <param name="resource">Its resource.</param>
    public static Vocabulary Load(string package, string resource)
    {
        using var compressed = Assembly.Load(package).GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{package} has no {resource}.");
        using var text = new DeflateStream(compressed, CompressionMode.Decompress);
        var buffer = new byte[LongestLine * 64];
        Vocabulary? loaded = null;
        var (rank, filled) = (0, 0);
        while (text.Read(buffer, filled, buffer.Length - filled) is var read and > 0)
        {
            filled += read;
            var start = 0;
            while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is var length and >= 0)
            {
                var line = buffer.AsSpan(start, length).TrimEnd((byte)'\r');
                start += length + 1;
                if (loaded is null) loaded = new Vocabulary(CapacityOf(line));
                else if (line.Length > 0) loaded.Add(line, rank++);
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
        }

        if (loaded is null) throw new InvalidOperationException($"{resource} is empty.");
        if (filled > 0) loaded.Add(buffer.AsSpan(0, filled), rank);
        return loaded;
    }

    /// <summary>The rank of the token with these bytes; <see cref="NoToken"/> when there is none.</summary>
    public int RankOf(ReadOnlySpan<byte> bytes)
    {
        var all = _bytes.WrittenSpan;
        var mask = _slots.Length - 1;
        for (var slot = (int)HashOf(bytes) & mask; _slots[slot] is var entry and > 0; slot = (slot + 1) & mask)
        {
            if (all[_ends[entry - 1].._ends[entry]].SequenceEqual(bytes)) return entry - 1;
        }

        return NoToken;
    }

    private static int CapacityOf(ReadOnlySpan<byte> line)
    {
        var words = Encoding.ASCII.GetString(line).Split(' ');
        return words is ["Capacity:", var count]
            ? int.Parse(count, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException("A vocabulary begins with its capacity.");
    }

    private void Add(ReadOnlySpan<byte> line, int rank)
    {
        var token = _bytes.GetSpan(Base64.GetMaxDecodedFromUtf8Length(line.Length));
        if (Base64.DecodeFromUtf8(line, token, out _, out var length) != OperationStatus.Done)
            throw new InvalidOperationException($"Token {rank} of a vocabulary is not base64.");
        var mask = _slots.Length - 1;
        var slot = (int)HashOf(token[..length]) & mask;
        while (_slots[slot] > 0) slot = (slot + 1) & mask;
        _slots[slot] = rank + 1;
        _bytes.Advance(length);
        _ends[rank + 1] = _bytes.WrittenCount;
    }

    private static uint HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length * Multiplier;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        ulong rest = 0;
        foreach (var each in bytes) rest = (rest << 8) | each;
        return (uint)(Mix(hash ^ rest) >> 16);
    }

    private static ulong Mix(ulong value)
    {
        value *= Multiplier;
        return value ^ (value >> 32);
    }
}
