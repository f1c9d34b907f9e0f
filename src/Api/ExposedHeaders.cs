using AiGateway.Api.Errors;
using AiGateway.Api.Http;
using AiGateway.Api.Rates;
using AiGateway.Api.Wires;

namespace AiGateway.Api;

/// <summary>The headers of replies that a front end of another origin may read.</summary>
internal static class ExposedHeaders
{
    public static string[] Names =>
    [
        RequestIdentityMiddleware.HeaderName, AnthropicErrors.RequestIdHeader, "retry-after", "retry-after-ms", "x-should-retry",
        .. RateHeaders.Names, .. CostHeaders.Names, ToolReader.DroppedHeader,
    ];
}
