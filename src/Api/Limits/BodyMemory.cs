namespace AiGateway.Api.Limits;

/// <summary>Memory that bodies under way have taken, of one user or of all.</summary>
internal sealed class BodyMemory
{
    /// <summary>How many times its size a body counts once it is complete: its bytes, and its text in UTF-16.</summary>
    public const int Copies = 3;

    private long _bytes;
    private long _texts;

    /// <summary>Bytes of bodies.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Takes memory; false, and nothing taken, when there is not as much.</summary>
    /// <param name="bytes">Bytes of a body that have arrived.</param>
    /// <param name="texts">Bytes of the texts that are made of it.</param>
    /// <param name="mostBytes">Bytes of bodies that there may be.</param>
    /// <param name="maxBody">Largest body: one is always taken whole.</param>
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
