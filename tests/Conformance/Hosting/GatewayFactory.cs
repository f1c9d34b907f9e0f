using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiGateway.Conformance.Tests.Hosting;

/// <summary>The gateway as it is started in production, but for its port and its settings.</summary>
internal sealed class GatewayFactory : WebApplicationFactory<Program>
{
    private readonly Dictionary<string, string> _settings;
    private readonly Action<IServiceCollection> _replace;

    private GatewayFactory(Dictionary<string, string> settings, Action<IServiceCollection> replace) =>
        (_settings, _replace) = (settings, replace);

    public Uri Address
    {
        get
        {
            var listening = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return new UriBuilder(listening.Replace("[::]", "127.0.0.1", StringComparison.Ordinal)).Uri;
        }
    }

    public static GatewayFactory Start(Dictionary<string, string> settings, Action<IServiceCollection> replace)
    {
        var factory = new GatewayFactory(settings, replace);
        factory.UseKestrel(0);
        factory.StartServer();
        return factory;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        foreach (var (name, value) in _settings) builder.UseSetting(name, value);
        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(_replace);
    }
}
