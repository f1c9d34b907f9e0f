using System.Globalization;
using System.Text.Json;
using AiGateway.Api.Rates;
using AiGateway.Domain;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Errors;

/// <summary>Writes a failure as a reply. Nothing else in the gateway sets an error status with a body.</summary>
internal sealed class ErrorWriter(IOptions<JsonOptions> json)
{
    private readonly JsonSerializerOptions _json = json.Value.JsonSerializerOptions;

    public Task WriteAsync(HttpContext context, AiGatewayException failure)
    {
        var response = context.Response;
        response.StatusCode = ErrorTable.StatusOf(failure);
        if (failure.RetryAfter is { } wait) TellWhen(response, wait);
        if (failure is QuotaExceededException { RetryAfter: null }) response.Headers["x-should-retry"] = "false";
        var rates = (failure as QuotaExceededException)?.Rates;
        switch (ErrorFormatAttribute.Of(context))
        {
            case ErrorFormat.OpenAi:
                RateHeaders.AddOpenAi(response, rates);
                return response.WriteAsJsonAsync(OpenAiErrors.ToOpenAi(failure), _json, context.RequestAborted);
            case ErrorFormat.Anthropic:
                RateHeaders.AddAnthropic(response, rates);
                return WriteAnthropicAsync(context, failure);
            case ErrorFormat.Google:
                return response.WriteAsJsonAsync(ForeignErrors.ToGoogle(failure), _json, context.RequestAborted);
            default:
                RateHeaders.AddNative(response, rates);
                return response.WriteAsJsonAsync(
                    ErrorResponse.Of(failure, context.TraceIdentifier), _json, "application/problem+json", context.RequestAborted);
        }
    }

    private static Task WriteAnthropicAsync(HttpContext context, AiGatewayException failure)
    {
        var error = AnthropicErrors.ToAnthropic(failure, context.TraceIdentifier);
        context.Response.Headers[AnthropicErrors.RequestIdHeader] = error.RequestId;
        return context.Response.WriteAsJsonAsync(error, AnthropicErrors.Json, context.RequestAborted);
    }

    // Retry-After takes whole seconds. OpenAI's SDKs read the milliseconds first.
    private static void TellWhen(HttpResponse response, TimeSpan wait)
    {
        response.Headers[HeaderNames.RetryAfter] = AtLeastOne(wait.TotalSeconds);
        response.Headers["retry-after-ms"] = AtLeastOne(wait.TotalMilliseconds);
    }

    private static string AtLeastOne(double count) => Math.Max(1, (long)Math.Ceiling(count)).ToString(CultureInfo.InvariantCulture);
}
