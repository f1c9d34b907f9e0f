namespace AiGateway.Api.Limits;

/// <summary>A request that runs, and what it takes: its place, and the memory of its body, until it is disposed.</summary>
internal sealed class AdmittedRequest(CallerShares shares, CallerShare share, bool isEstimate) : IDisposable
{
    private long _bytes;

    /// <summary>The whole body, decompressed; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Takes memory for bytes of the body that have arrived.</summary>
    public void Take(long bytes)
    {
        shares.Take(share, bytes);
        _bytes += bytes;
    }

    public void Dispose()
    {
        if (_bytes > 0) shares.GiveBack(share, _bytes);
        _bytes = 0;
        if (isEstimate) share.EndEstimate();
        share.Leave();
    }
}
