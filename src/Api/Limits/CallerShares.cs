using System.Collections.Concurrent;
using System.Globalization;
using AiGateway.Domain;

namespace AiGateway.Api.Limits;

/// <summary>Bounds what the requests of each user, and of all together, take of this process.</summary>
internal sealed class CallerShares(RequestBounds bounds)
{
    /// <summary>Estimates of one user that run at once: each may cost as much CPU as the largest body can cause.</summary>
    public const int MostEstimates = 2;

    private const int SharesKept = 10_000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, CallerShare> _shares = new();
    private readonly BodyMemory _bodies = new();

    /// <summary>Bytes of bodies that requests under way have taken.</summary>
    public long BodyBytes => _bodies.Bytes;

    /// <summary>Lets a request in. Whoever gets the answer disposes it when the reply has ended.</summary>
    /// <exception cref="AiGatewayException">The user has as many requests, or estimates, under way as are allowed.</exception>
    public AdmittedRequest Enter(Guid userId, bool isEstimate)
    {
        var share = EnterShare(userId);
        if (!isEstimate || share.TryEstimate(MostEstimates)) return new AdmittedRequest(this, share, isEstimate);
        share.Leave();
        throw Refuse(ErrorCode.RateLimited, $"You have {MostEstimates} estimates in progress, which is the limit for one user. Retry when one has finished.");
    }

    /// <summary>Takes memory for bytes of a body that have arrived, or for the texts of a complete one.</summary>
    /// <exception cref="AiGatewayException">The user, or all users together, have as much as is allowed.</exception>
    public void Take(CallerShare share, long bytes, long texts)
    {
        if (!share.Bodies.TryTake(bytes, texts, bounds.BodyBytesOfAUser, bounds.MaxBodyBytes))
        {
            throw Refuse(ErrorCode.RateLimited, string.Create(
                CultureInfo.InvariantCulture,
                $"The bodies of your requests in progress would exceed {bounds.BodyBytesOfAUser} bytes, the limit for one user. The request was not sent to a provider. Retry when another request has finished."));
        }

        if (_bodies.TryTake(bytes, texts, bounds.BodyBytesInFlight, bounds.MaxBodyBytes)) return;
        share.Bodies.GiveBack(bytes, texts);
        throw Refuse(ErrorCode.GatewayBusy, "The gateway has no memory left for the request body. The request was not sent to a provider. Retry later.");
    }

    public void GiveBack(CallerShare share, long bytes, long texts)
    {
        share.Bodies.GiveBack(bytes, texts);
        _bodies.GiveBack(bytes, texts);
    }

    private CallerShare EnterShare(Guid userId)
    {
        while (true)
        {
            var share = _shares.TryGetValue(userId, out var known) ? known : Add(userId);
            var isIn = share.TryEnter(bounds.Concurrent);
            if (isIn == true) return share;
            if (isIn == false)
            {
                throw Refuse(ErrorCode.RateLimited, string.Create(
                    CultureInfo.InvariantCulture, $"You have {bounds.Concurrent} requests in progress, which is the limit for one user. The request was not sent to a provider. Retry when one has finished."));
            }

            _shares.TryRemove(new(userId, share));
        }
    }

    private CallerShare Add(Guid userId)
    {
        if (_shares.Count >= SharesKept)
        {
            foreach (var each in _shares)
            {
                if (each.Value.TryDrop()) _shares.TryRemove(each);
            }
        }

        return _shares.GetOrAdd(userId, static _ => new CallerShare());
    }

    private static AiGatewayException Refuse(ErrorCode code, string message) => new(code, message) { RetryAfter = Wait };
}
