using AiGateway.Application.Pricing;
using AiGateway.Infrastructure.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace AiGateway.Infrastructure.Configuration.Providers;

/// <summary>
/// Puts changed providers and routes into force when the configuration changes. A faulty configuration changes nothing: the
/// old one stays, and an error is logged.
/// </summary>
internal sealed partial class ProviderReload(
    IConfiguration configuration, IHostEnvironment environment, ProviderSettings defaults, IPriceBook prices, ProviderDirectory directory, ILogger<ProviderReload> logger)
    : IHostedService, IDisposable
{
    private IDisposable? _changes;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _changes?.Dispose();

    // The watcher of the files calls it: an exception would end the process.
    private void Reload()
    {
        try
        {
            var reader = new SettingReader(configuration, environment.IsDevelopment());
            var setup = ProviderSetupReader.Read(reader, defaults, []);
            if (ConfigurationFile.IsUnreadable(configuration)) Log.Unreadable(logger);
            else if (reader.Faults.Count > 0) Log.Faulty(logger, string.Join("; ", reader.Faults));
            else if (PricedModelsCheck.Check(setup, prices) is { Count: > 0 } faults) Log.Faulty(logger, string.Join("; ", faults));
            else if (directory.Replace(setup)) Log.Replaced(logger, setup.Accounts.Count, setup.Routes.Count);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Log.Faulty(logger, failure.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The configuration changed: {Providers} providers and {Routes} routes are in force")]
        public static partial void Replaced(ILogger logger, int providers, int routes);

        [LoggerMessage(2, LogLevel.Error, "The changed configuration of providers has faults and was not put into force. The gateway goes on with the one before. Fix it: {Faults}")]
        public static partial void Faulty(ILogger logger, string faults);

        [LoggerMessage(3, LogLevel.Error, "A configuration file cannot be read as JSON and was not put into force. The gateway goes on with the one before. Fix the file")]
        public static partial void Unreadable(ILogger logger);
    }
}
