using Yarp.ReverseProxy.Configuration;

namespace AiGateway.SideBySide.Targets;

/// <summary>YARP with one route and nothing else. The gateway is compared with it.</summary>
internal static class BareProxy
{
    public static async Task<int> RunAsync(string target)
    {
        var app = Server.Build(services => services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "upstream", Match = new RouteMatch { Path = "{**any}" } }],
            [new ClusterConfig { ClusterId = "upstream", Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = target } } }]));
        app.MapReverseProxy();
        return await Server.RunAsync(app);
    }
}
