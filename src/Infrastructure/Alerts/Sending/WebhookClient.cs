using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Alerts.Sending;

/// <summary>Makes one attempt of a delivery: a signed POST in bounded time.</summary>
internal sealed class WebhookClient(TimeProvider time) : IDisposable
{
    /// <summary>The time limit for one attempt.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = WebhookHttp.Create();

    /// <summary>The status of the answer, or why there was none.</summary>
    public async Task<DeliveryAnswer> SendAsync(Webhook webhook, WebhookDelivery delivery)
    {
        using var limit = new CancellationTokenSource(Timeout, time);
        try
        {
            using var request = ToRequest(webhook, delivery);
            using var response = await _http.SendAsync(request, limit.Token);
            return new((int)response.StatusCode, null);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return new(null, limit.IsCancellationRequested ? DeliveryFault.TimedOut : FaultOf(failure));
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage ToRequest(Webhook webhook, WebhookDelivery delivery)
    {
        var at = time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("user-agent", "AiGateway");
        request.Headers.Add("x-aigateway-event-id", delivery.EventId.ToString());
        request.Headers.Add(
            "x-aigateway-signature",
            string.Create(CultureInfo.InvariantCulture, $"t={at},v1={WebhookSignature.Of(webhook.Secret, at, delivery.Body)}"));
        return request;
    }

    private static DeliveryFault FaultOf(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException { SocketErrorCode: WebhookHttp.Forbidden }) return DeliveryFault.ForbiddenAddress;
        }

        return failure is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        }
            ? DeliveryFault.NotConnected
            : DeliveryFault.BrokenOff;
    }
}

/// <summary>What an attempt came to: exactly one of the two is set.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Fault">Why there was no answer.</param>
internal readonly record struct DeliveryAnswer(int? Status, DeliveryFault? Fault)
{
    private const int GoneStatus = (int)HttpStatusCode.Gone;

    /// <summary>Whether the receiver took the event.</summary>
    public bool IsTaken => Status is >= 200 and <= 299;

    /// <summary>Whether the receiver wants no more events.</summary>
    public bool IsGone => Status == GoneStatus;
}
