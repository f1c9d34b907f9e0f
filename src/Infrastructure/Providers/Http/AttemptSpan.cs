using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AiGateway.Application.Telemetry;

namespace AiGateway.Infrastructure.Providers.Http;

/// <summary>The span of one HTTP call to a provider, until the headers of its answer.</summary>
internal static class AttemptSpan
{
    private const int FirstError = 400;

    private static readonly DistributedContextPropagator TraceContext = DistributedContextPropagator.CreateW3CPropagator();

    /// <summary>Makes a call within a trace. Of a trace that is not kept there is no span, but the provider may still get it.</summary>
    /// <param name="http">Makes the call.</param>
    /// <param name="request">The call.</param>
    /// <param name="sendsTrace">Whether the provider gets the trace (<c>traceparent</c>).</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<HttpResponseMessage> SendAsync(
        HttpMessageInvoker http, HttpRequestMessage request, bool sendsTrace, CancellationToken cancellationToken)
    {
        using var span = GatewaySpans.IsKept ? Start(request) : null;
        if (sendsTrace) AddTrace(Activity.Current!, request.Headers);
        try
        {
            var response = await http.SendAsync(request, cancellationToken);
            if (span is not null) Describe(span, response);
            return response;
        }
        catch (Exception failure)
        {
            if (span is not null) Fail(span, NameOf(failure));
            throw;
        }
    }

    private static Activity? Start(HttpRequestMessage request)
    {
        var address = request.RequestUri!;
        return GatewaySpans.Source.StartActivity(request.Method.Method, ActivityKind.Client)?
            .SetTag(HttpNames.Method, request.Method.Method)
            .SetTag(HttpNames.ServerAddress, address.IdnHost)
            .SetTag(HttpNames.ServerPort, address.Port)

            // A query or a user's name in an address may be secret.
            .SetTag(HttpNames.Url, address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));
    }

    private static void Describe(Activity span, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        span.SetTag(HttpNames.Status, status).SetTag(HttpNames.Protocol, response.Version.ToString());
        if (status >= FirstError) Fail(span, status.ToString(CultureInfo.InvariantCulture));
    }

    private static void Fail(Activity span, string kind) => span.SetTag(HttpNames.ErrorType, kind).SetStatus(ActivityStatusCode.Error);

    private static string NameOf(Exception failure) => failure is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var kind }
        ? JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString())
        : failure.GetType().FullName!;

    // The state of a trace goes with it, its baggage does not.
    private static void AddTrace(Activity span, HttpRequestHeaders headers) => TraceContext.Inject(
        span,
        headers,
        static (carrier, name, value) =>
        {
            if (name is "traceparent" or "tracestate") ((HttpRequestHeaders)carrier!).TryAddWithoutValidation(name, value);
        });
}
