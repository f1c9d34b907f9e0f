using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiGateway.Browser.Tests.Hosting;

/// <summary>The gateway as it is started in production, but for its port and its settings.</summary>
internal sealed class GatewayFactory : WebApplicationFactory<Program>
{
    private readonly IReadOnlyDictionary<string, string> _settings;

    private GatewayFactory(IReadOnlyDictionary<string, string> settings) => _settings = settings;

    public Uri Address
    {
        get
        {
            var listening = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return new UriBuilder(listening.Replace("[::]", "127.0.0.1", StringComparison.Ordinal)).Uri;
        }
    }

    public static GatewayFactory Start(IReadOnlyDictionary<string, string> settings)
    {
        var factory = new GatewayFactory(settings);
        factory.UseKestrel(0);
        factory.StartServer();
        return factory;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        foreach (var (name, value) in _settings) builder.UseSetting(name, value);
        builder.ConfigureLogging(logging => logging.ClearProviders());
    }
}
