namespace AiGateway.SideBySide.Targets;

/// <summary>Kestrel on the address that the environment names.</summary>
internal static class Server
{
    public static WebApplication Build(Action<IServiceCollection>? addServices = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        addServices?.Invoke(builder.Services);
        return builder.Build();
    }

    public static async Task<int> RunAsync(WebApplication app)
    {
        await app.RunAsync();
        return 0;
    }
}
