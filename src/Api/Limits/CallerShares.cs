using System.Collections.Concurrent;
using System.Globalization;
using AiGateway.Domain;

namespace AiGateway.Api.Limits;

/// <summary>Bounds what the requests of each user, and of all users, use of this process.</summary>
internal sealed class CallerShares(RequestBounds bounds)
{
    /// <summary>Most estimates of one user at once. Each may cost as much CPU as the largest body can cause.</summary>
    public const int MostEstimates = 2;

    private const int SharesKept = 10_000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, CallerShare> _shares = new();
    private readonly BodyMemory _bodies = new();

    /// <summary>Bytes reserved for bodies of requests in progress.</summary>
    public long BodyBytes => _bodies.Bytes;

    /// <summary>Admits a request. The caller of this method disposes the result when the reply has ended.</summary>
    /// <exception cref="AiGatewayException">The user has reached the limit of requests or estimates in progress.</exception>
    public AdmittedRequest Enter(Guid userId, bool isEstimate)
    {
        var share = EnterShare(userId);
        if (!isEstimate || share.TryEstimate(MostEstimates)) return new AdmittedRequest(this, share, isEstimate);
        share.Leave();
        throw Refuse(ErrorCode.RateLimited, $"You have {MostEstimates} estimates in progress, which is the limit for one user. Retry when one has finished.");
    }

    /// <summary>Reserves memory for body bytes that arrived, or for the texts of a complete body.</summary>
    /// <exception cref="AiGatewayException">The user, or all users together, have reached the limit.</exception>
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
