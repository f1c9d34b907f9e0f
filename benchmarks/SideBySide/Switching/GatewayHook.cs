using System.Diagnostics;

namespace AiGateway.SideBySide.Switching;

/// <summary>Adds the switching of telemetry to the services of a gateway, which knows nothing of it.</summary>
internal static class GatewayHook
{
    /// <summary>The environment variable with the file for the measured turns.</summary>
    public const string FileVariable = "BENCHMARK_TURNS_FILE";

    public static void Install()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file) DiagnosticListener.AllListeners.Subscribe(new Watch(file));
    }

    // The host announces itself so before it is built.
    private sealed class Watch(string file) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting") value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is not { Key: "HostBuilding", Value: IHostBuilder builder }) return;
            builder.ConfigureServices(services => services
                .AddSingleton<RequestCount>()
                .AddSingleton<IStartupFilter>(static provider => provider.GetRequiredService<RequestCount>())
                .AddHostedService(provider => ActivatorUtilities.CreateInstance<TelemetryTurns>(provider, file)));
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
