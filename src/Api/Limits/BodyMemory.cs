namespace AiGateway.Api.Limits;

/// <summary>Memory reserved for bodies in progress, of one user or of all.</summary>
internal sealed class BodyMemory
{
    /// <summary>The factor on the size of a complete body: its bytes and its text in UTF-16.</summary>
    public const int Copies = 3;

    private long _bytes;
    private long _texts;

    /// <summary>Bytes of bodies.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Reserves memory; false, with nothing reserved, when not enough is left.</summary>
    /// <param name="bytes">Bytes of a body that have arrived.</param>
    /// <param name="texts">Bytes of the texts made from it.</param>
    /// <param name="mostBytes">Most bytes of all bodies.</param>
    /// <param name="maxBody">Size of the largest body. One body is always admitted.</param>
    public bool TryTake(long bytes, long texts, long mostBytes, long maxBody)
    {
        var bytesTaken = Interlocked.Add(ref _bytes, bytes);
        var textsTaken = Interlocked.Add(ref _texts, texts);
        if (bytesTaken <= mostBytes && bytesTaken + textsTaken <= Math.Max(mostBytes, Copies * maxBody)) return true;
        GiveBack(bytes, texts);
        return false;
    }

    public void GiveBack(long bytes, long texts)
    {
        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Add(ref _texts, -texts);
    }
}
