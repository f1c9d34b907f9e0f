using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AiGateway.Infrastructure.Alerts.Sending;

/// <summary>The signature of a delivery: HMAC-SHA256 with the secret over the time, a dot and the body.</summary>
internal static class WebhookSignature
{
    /// <param name="secret">The secret of the webhook, as it was shown.</param>
    /// <param name="at">The time of the attempt, in seconds since 1970.</param>
    /// <param name="body">The body.</param>
    /// <returns>Hexadecimal digits in lower case.</returns>
    public static string Of(string secret, long at, string body)
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"{at}.{body}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)));
    }
}
