namespace AiGateway.Api.Limits;

/// <summary>An admitted request, its place and the memory of its body. Disposing it gives both back.</summary>
internal sealed class AdmittedRequest(CallerShares shares, CallerShare share, bool isEstimate) : IDisposable
{
    private long _bytes;
    private long _texts;

    /// <summary>The whole body, decompressed; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Reserves memory for body bytes that arrived.</summary>
    public void Take(long bytes)
    {
        shares.Take(share, bytes, 0);
        _bytes += bytes;
    }

    /// <summary>Reserves memory for the texts made from the complete body.</summary>
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
