using AiGateway.Application;

namespace AiGateway.Api.Http;

/// <summary>What happens to requests under way when the gateway is asked to stop.</summary>
internal static class Drain
{
    // For the replies and settlements of the requests that the drain ends.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>Lets them finish within a time. Those that are still open then end, and the process stops.</summary>
    public static IServiceCollection AddDrain(this IServiceCollection services, TimeSpan timeout) => services
        .Configure<HostOptions>(host => host.ShutdownTimeout = timeout + Margin)
        .AddHostedService(provider => new Start(provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<DrainEnd>(), timeout));

    private sealed class Start(IHostApplicationLifetime lifetime, DrainEnd drain, TimeSpan timeout) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.ApplicationStopping.Register(() => drain.Begin(timeout));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
