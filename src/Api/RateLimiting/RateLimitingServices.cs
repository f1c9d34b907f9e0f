using AiGateway.Api.Auth;
using AiGateway.Api.Errors;
using AiGateway.Api.RequestLimits;
using AiGateway.Application.Refusals;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration;
using Microsoft.AspNetCore.RateLimiting;

namespace AiGateway.Api.RateLimiting;

/// <summary>ASP.NET Core's rate limiter with the gateway's limit and the gateway's error reply.</summary>
internal static class RateLimitingServices
{
    public static IServiceCollection AddRateLimiting(this IServiceCollection services, RateLimitSettings settings)
    {
        var limit = new CallerRateLimit(settings.PerMinute);
        services.AddSingleton(limit);
        return services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = limit.Limiter;
            options.OnRejected = RefuseAsync;
        });
    }

    public static IServiceCollection AddRequestBounds(this IServiceCollection services, RequestLimitSettings settings) => services
        .AddSingleton(new RequestBounds(
            settings.MaxBodyBytes, settings.BodyTimeout, settings.BodyBytesInFlight, settings.BodyBytesOfAUser, settings.Concurrent))
        .AddSingleton<CallerShares>()
        .AddSingleton<BodyDeadlines>()
        .AddSingleton<BodyReader>()
        .AddSingleton<FreshCaller>();

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var context = rejected.HttpContext;
        var services = context.RequestServices;
        services.GetRequiredService<CallerRateLimit>().Announce(context);
        services.GetRequiredService<RefusalLog>().NoteRate(context.Caller());
        var failure = new AiGatewayException(ErrorCode.RateLimited, "Too many requests in this minute. Retry after Retry-After.")
        {
            RetryAfter = CallerRateLimit.RetryAfter(rejected.Lease),
        };
        await services.GetRequiredService<ErrorWriter>().WriteAsync(context, failure);
    }
}
