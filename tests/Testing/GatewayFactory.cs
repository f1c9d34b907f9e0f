using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiGateway.Testing;

/// <summary>The gateway in this process, started as in production, except for its port and its settings.</summary>
public sealed class GatewayFactory : WebApplicationFactory<Program>
{
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly Action<IServiceCollection> _change;
    private readonly ILoggerProvider? _log;

    private GatewayFactory(IReadOnlyDictionary<string, string> settings, Action<IServiceCollection> change, ILoggerProvider? log) =>
        (_settings, _change, _log) = (settings, change, log);

    public Uri Address
    {
        get
        {
            var listening = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return new Uri(listening.Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
        }
    }

    /// <summary>Starts a gateway on a free port.</summary>
    /// <param name="settings">The settings; <c>environment</c> is Production unless given.</param>
    /// <param name="change">Changes the services that the product registered; null for no change.</param>
    /// <param name="log">Gets the log; null for no log.</param>
    public static GatewayFactory Start(
        IReadOnlyDictionary<string, string> settings, Action<IServiceCollection>? change = null, ILoggerProvider? log = null)
    {
        var factory = new GatewayFactory(settings, change ?? (_ => { }), log);
        factory.UseKestrel(0);
        factory.StartServer();
        return factory;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_settings.GetValueOrDefault("environment", "Production"));
        foreach (var (name, value) in _settings) builder.UseSetting(name, value);
        builder.ConfigureLogging(logging =>
        {
            logging.ClearProviders();
            if (_log is not null) logging.AddProvider(_log);
        });
        builder.ConfigureTestServices(_change);
    }
}
