using System.Buffers;
using AiGateway.Domain;

namespace AiGateway.Api.RequestLimits;

/// <summary>The bytes of a body so far. Memory grows with the bytes that arrived, never with the announced length.</summary>
/// <param name="owner">The request that answers for the memory.</param>
/// <param name="mostBytes">Largest body.</param>
/// <param name="statedBytes">The length that the client states; null: none. Used only as an upper bound when growing.</param>
internal sealed class GrowingBody(AdmittedRequest owner, long mostBytes, long? statedBytes)
{
    private const int LeastBytes = 4 * 1024;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Bytes so far.</summary>
    public int Length => _length;

    /// <param name="more">Bytes that have arrived.</param>
    /// <param name="isLast">Whether no more come.</param>
    public void Append(in ReadOnlySequence<byte> more, bool isLast)
    {
        if (more.IsEmpty) return;
        var length = _length + more.Length;
        if (length > mostBytes) throw new AiGatewayException(ErrorCode.RequestTooLarge, $"The request body is larger than {mostBytes} bytes. Send less.");
        owner.Take(more.Length);
        if (length > _bytes.Length) Grow((int)length, isLast);
        more.CopyTo(_bytes.AsSpan(_length));
        _length = (int)length;
    }

    /// <summary>The whole body. It is kept until the request ends, so spare memory is given back.</summary>
    public ArraySegment<byte> ToBytes()
    {
        if (_bytes.Length - _length > _length / 4) Resize(_length);
        return new ArraySegment<byte>(_bytes, 0, _length);
    }

    private void Grow(int needed, bool isLast)
    {
        if (isLast)
        {
            Resize(needed);
            return;
        }

        var doubled = Math.Max(LeastBytes, 2L * _bytes.Length);
        Resize((int)Math.Max(needed, Math.Min(doubled, statedBytes ?? mostBytes)));
    }

    private void Resize(int capacity)
    {
        var resized = capacity == 0 ? [] : GC.AllocateUninitializedArray<byte>(capacity);
        _bytes.AsSpan(0, _length).CopyTo(resized);
        _bytes = resized;
    }
}
