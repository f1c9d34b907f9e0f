using AiGateway.Api.Auth;
using AiGateway.Application;
using AiGateway.Application.Quotas;
using AiGateway.Application.Refusals;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using Microsoft.AspNetCore.Http.Features;

namespace AiGateway.Api.RequestLimits;

/// <summary>
/// Runs between authorization and the endpoint: counts the user's requests, refuses when the quota is used up, and reads the
/// body within its bounds. The last middleware before MVC.
/// </summary>
internal sealed class RequestBoundsMiddleware(
    RequestDelegate next, CallerShares shares, BodyReader bodies, LargeRequests large, SpentQuotas spent, RefusalLog refusals, FreshCaller fresh, TimeProvider time)
{
    /// <summary>After a body that took longer than this, the caller is authenticated again.</summary>
    public static readonly TimeSpan LongBody = TimeSpan.FromSeconds(5);

    public Task InvokeAsync(HttpContext context) => context.FindCaller() is { } caller && context.GetEndpoint() is { } endpoint
        ? RunAsync(context, endpoint, caller)
        : next(context);

    private async Task RunAsync(HttpContext context, Endpoint endpoint, Caller caller)
    {
        var userId = caller.UserId;
        using var request = shares.Enter(userId, endpoint.Metadata.GetMetadata<EstimatesAttribute>() is not null);
        if (endpoint.Metadata.GetMetadata<SpendsQuotaAttribute>() is null)
        {
            await ReadAsync(context, request);
            await GoOnAsync(context, request);
            return;
        }

        // Kestrel sends this reply at once and then reads on for at most 5 seconds, so that the client sees it.
        if (spent.Find(userId) is { } refusal)
        {
            refusals.Note(caller, refusal);
            throw new QuotaExceededException(refusal);
        }

        await ReadAsync(context, request);
        var isRefused = false;
        try
        {
            await GoOnAsync(context, request);
        }
        catch (QuotaExceededException)
        {
            isRefused = true;
            throw;
        }
        finally
        {
            // A finished request may have given capacity back.
            if (!isRefused) spent.Forget(userId);
        }
    }

    private Task GoOnAsync(HttpContext context, AdmittedRequest request) =>
        LargeRequests.IsLarge(request.Body) ? GoOnApartAsync(context) : next(context);

    /// <summary>The thread is free again at the first wait of the request, which comes after its JSON was read.</summary>
    private async Task GoOnApartAsync(HttpContext context) => await await large.RunAsync(() => next(context), context.RequestAborted);

    private async ValueTask ReadAsync(HttpContext context, AdmittedRequest request)
    {
        context.Features.Set(request);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }) return;
        var startedAt = time.GetTimestamp();
        request.Body = await bodies.ReadAsync(context, request);
        if (time.GetElapsedTime(startedAt) > LongBody) await fresh.RequireAsync(context);
    }
}
