using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace AiGateway.Infrastructure.Pricing.Tokens;

/// <summary>
/// Counts the tokens of a text as OpenAI's tokenizers do. A pattern splits the text into words; a word that is no token is
/// merged from its bytes, always the adjacent pair with the lowest rank first. Control tokens are read as plain text.
/// </summary>
internal sealed partial class BytePairTokenizer
{
    private const int BytesOnStack = 256;
    private const string Cl100KPattern =
        @"'(?i:[sdmt]|ll|ve|re)|(?>[^\r\n\p{L}\p{N}]?)(?>\p{L}+)|(?>\p{N}{1,3})| ?(?>[^\s\p{L}\p{N}]+)(?>[\r\n]*)|(?>\s+)$|\s*[\r\n]|\s+(?!\S)|\s";

    private const string O200KPattern =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private readonly Regex _words;
    private readonly Vocabulary _vocabulary;

    private BytePairTokenizer(Regex words, Vocabulary vocabulary) => (_words, _vocabulary) = (words, vocabulary);

    /// <summary>Loads the encoding <c>cl100k_base</c>.</summary>
    public static BytePairTokenizer LoadCl100K() =>
        new(Cl100KWords(), Vocabulary.Load("Microsoft.ML.Tokenizers.Data.Cl100kBase", "cl100k_base.tiktoken.deflate"));

    /// <summary>Loads the encoding <c>o200k_base</c>.</summary>
    public static BytePairTokenizer LoadO200K() =>
        new(O200KWords(), Vocabulary.Load("Microsoft.ML.Tokenizers.Data.O200kBase", "o200k_base.tiktoken.deflate"));

    /// <summary>The number of tokens of a text.</summary>
    public int CountTokens(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        foreach (var word in _words.EnumerateMatches(text)) tokens += CountWord(text.Slice(word.Index, word.Length));
        return tokens;
    }

    private int CountWord(ReadOnlySpan<char> word)
    {
        var most = Encoding.UTF8.GetMaxByteCount(word.Length);
        if (most <= BytesOnStack)
        {
            Span<byte> few = stackalloc byte[BytesOnStack];
            return CountBytes(few[..Encoding.UTF8.GetBytes(word, few)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        var tokens = CountBytes(rented.AsSpan(0, Encoding.UTF8.GetBytes(word, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return tokens;
    }

    private int CountBytes(ReadOnlySpan<byte> word)
    {
        if (word.Length == 1 || _vocabulary.RankOf(word) != Vocabulary.NoToken) return 1;
        if (word.Length < BytesOnStack)
        {
            Span<int> few = stackalloc int[2 * BytesOnStack];
            return Merge(word, few[..BytesOnStack], few[BytesOnStack..]);
        }

        var rented = ArrayPool<int>.Shared.Rent(2 * (word.Length + 1));
        var tokens = Merge(word, rented.AsSpan(0, word.Length + 1), rented.AsSpan(word.Length + 1));
        ArrayPool<int>.Shared.Return(rented);
        return tokens;
    }

    /// <summary>The number of parts that are left when no two neighbours form a token.</summary>
    /// <param name="word">The bytes.</param>
    /// <param name="starts">Takes the start of each part, and the end of the last.</param>
    /// <param name="ranks">Takes the rank of each part joined with the next.</param>
    private int Merge(ReadOnlySpan<byte> word, Span<int> starts, Span<int> ranks)
    {
        var parts = word.Length;
        for (var i = 0; i <= parts; i++) starts[i] = i;
        for (var i = 0; i < parts - 1; i++) ranks[i] = _vocabulary.RankOf(word.Slice(i, 2));
        while (parts > 1)
        {
            var (first, lowest) = (0, Vocabulary.NoToken);
            for (var i = 0; i < parts - 1; i++)
            {
                if (ranks[i] < lowest) (first, lowest) = (i, ranks[i]);
            }

            if (lowest == Vocabulary.NoToken) break;
            starts[(first + 2)..(parts + 1)].CopyTo(starts[(first + 1)..]);
            if (first + 2 < parts) ranks[(first + 2)..(parts - 1)].CopyTo(ranks[(first + 1)..]);
            parts--;
            if (first < parts - 1) ranks[first] = RankOfPair(word, starts, first);
            if (first > 0) ranks[first - 1] = RankOfPair(word, starts, first - 1);
        }

        return parts;
    }

    private int RankOfPair(ReadOnlySpan<byte> word, ReadOnlySpan<int> starts, int part) =>
        _vocabulary.RankOf(word[starts[part]..starts[part + 2]]);

    [GeneratedRegex(Cl100KPattern, RegexOptions.CultureInvariant)]
    private static partial Regex Cl100KWords();

    [GeneratedRegex(O200KPattern, RegexOptions.CultureInvariant)]
    private static partial Regex O200KWords();
}
