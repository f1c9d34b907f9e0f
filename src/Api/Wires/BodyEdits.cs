using System.Text;

namespace AiGateway.Api.Wires;

/// <summary>Changes of single pieces of a body. Every byte outside them stays.</summary>
internal sealed class BodyEdits(ReadOnlyMemory<byte> body)
{
    private readonly List<Edit> _edits = [];

    /// <summary>Replaces a piece; an empty piece makes it an insertion.</summary>
    public void Replace(Extent piece, string text) => _edits.Add(new Edit(piece, Encoding.UTF8.GetBytes(text)));

    /// <summary>Removes members of one object, or elements of one array, with the commas between them.</summary>
    /// <param name="all">All of them, in order.</param>
    /// <param name="isRemoved">Whether the one at an index is removed.</param>
    public void Remove(IReadOnlyList<Extent> all, Predicate<int> isRemoved)
    {
        for (var first = 0; first < all.Count; first++)
        {
            if (!isRemoved(first)) continue;
            var next = first + 1;
            while (next < all.Count && isRemoved(next)) next++;

            // With the comma after it; at the end of the list, with the comma before it.
            var start = next == all.Count && first > 0 ? all[first - 1].End : all[first].Start;
            var end = next == all.Count ? all[^1].End : all[next].Start;
            Replace(new Extent(start, end), "");
            first = next;
        }
    }

    /// <summary>The changed body.</summary>
    public byte[] Apply()
    {
        _edits.Sort();
        var source = body.Span;
        var target = new List<byte>(source.Length + _edits.Sum(edit => edit.Text.Length));
        var at = 0;
        foreach (var (piece, text) in _edits)
        {
            target.AddRange(source[at..piece.Start]);
            target.AddRange(text);
            at = piece.End;
        }

        target.AddRange(source[at..]);
        return [.. target];
    }

    /// <summary>The place of an offset in the changed body. The offset must not lie within a removed piece.</summary>
    public int Map(int offset) => offset + _edits.Where(edit => edit.Piece.End <= offset).Sum(edit => edit.Text.Length - edit.Piece.Length);

    private readonly record struct Edit(Extent Piece, byte[] Text) : IComparable<Edit>
    {
        public int CompareTo(Edit other) => (Piece.Start, Piece.End).CompareTo((other.Piece.Start, other.Piece.End));
    }
}

/// <summary>A piece of a body.</summary>
/// <param name="Start">Offset of its first byte.</param>
/// <param name="End">Offset after its last byte.</param>
internal readonly record struct Extent(int Start, int End)
{
    public int Length => End - Start;
}
