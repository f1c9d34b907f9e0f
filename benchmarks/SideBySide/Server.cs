namespace AiGateway.SideBySide;

/// <summary>Kestrel on a free loopback port. Its address is the first line of output.</summary>
internal static class Server
{
    public static WebApplication Build(Action<IServiceCollection>? addServices = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        addServices?.Invoke(builder.Services);
        return builder.Build();
    }

    public static async Task<int> RunAsync(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync();
        return 0;
    }
}
