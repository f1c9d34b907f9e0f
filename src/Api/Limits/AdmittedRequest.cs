namespace AiGateway.Api.Limits;

/// <summary>A request that runs, and what it takes: its place, and the memory of its body, until it is disposed.</summary>
internal sealed class AdmittedRequest(CallerShares shares, CallerShare share, bool isEstimate) : IDisposable
{
    private long _bytes;
    private long _texts;

    /// <summary>The whole body, decompressed; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Takes memory for bytes of the body that have arrived.</summary>
    public void Take(long bytes)
    {
        shares.Take(share, bytes, 0);
        _bytes += bytes;
    }

    /// <summary>The body is complete: takes memory for the texts that are made of it.</summary>
    public void TakeTexts()
    {
        var texts = (BodyMemory.Copies - 1) * _bytes;
        shares.Take(share, 0, texts);
        _texts = texts;
    }

    public void Dispose()
    {
        if (_bytes > 0) shares.GiveBack(share, _bytes, _texts);
        (_bytes, _texts) = (0, 0);
        if (isEstimate) share.EndEstimate();
        share.Leave();
    }
}
