using System.Threading.RateLimiting;
using AiGateway.Api.Door;
using AiGateway.Api.Errors;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration;

namespace AiGateway.Api.Limits;

/// <summary>Requests a minute and user, over all of the user's keys; in memory, for each gateway process.</summary>
internal static class RateLimiting
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddRateLimiting(this IServiceCollection services, RateLimitSettings settings) =>
        services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Guid>(context =>
                context.FindCaller() is { } caller
                    ? RateLimitPartition.GetFixedWindowLimiter(caller.UserId, _ => Rule(settings))
                    : RateLimitPartition.GetNoLimiter(Guid.Empty));
            options.OnRejected = RefuseAsync;
        });

    private static FixedWindowRateLimiterOptions Rule(RateLimitSettings settings) =>
        new() { PermitLimit = settings.PerMinute, Window = Window, QueueLimit = 0 };

    private static async ValueTask RefuseAsync(Microsoft.AspNetCore.RateLimiting.OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var context = rejected.HttpContext;
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : Window;
        var failure = new AiGatewayException(ErrorCode.RateLimited, "Too many requests in this minute.") { RetryAfter = wait };
        await context.RequestServices.GetRequiredService<ErrorWriter>().WriteAsync(context, failure);
    }
}
