namespace AiGateway.Api.Cli;

/// <summary>
/// <c>health</c>: asks a gateway that runs whether it is ready, for health checks of containers, whose images have no other
/// HTTP client. It starts nothing of the gateway.
/// </summary>
internal static class HealthCommand
{
    private const int NotReady = 1;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private const string Usage = """
        usage: health               ask the gateway at the configured address (ASPNETCORE_URLS) whether it is ready
               health --url ADDRESS   ask the gateway at this address, such as http://127.0.0.1:8080
        """;

    public static async Task<int> RunAsync(string[] options, TextWriter output, TextWriter errors)
    {
        if (AddressOf(options) is not { } address)
        {
            await errors.WriteLineAsync(Usage);
            return CommandLine.BadUsage;
        }

        // A proxy for calls to providers must not get this one.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout };
        try
        {
            using var reply = await http.GetAsync(new Uri(address, "/health/ready"));
            if (reply.IsSuccessStatusCode)
            {
                await output.WriteLineAsync($"The gateway at {address} is ready.");
                return 0;
            }

            await errors.WriteLineAsync($"The gateway at {address} is not ready: it answered {(int)reply.StatusCode}. Its log says why.");
        }
        catch (HttpRequestException failure)
        {
            await errors.WriteLineAsync($"The gateway at {address} cannot be reached: {failure.Message}");
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync($"The gateway at {address} did not answer within {Timeout.TotalSeconds:0} seconds.");
        }

        return NotReady;
    }

    private static Uri? AddressOf(string[] options) => options switch
    {
        [] => ListeningAddress.Read(),
        ["--url", var text] when Uri.TryCreate(text, UriKind.Absolute, out var url) && ListeningAddress.IsHttp(url) => url,
        _ => null,
    };
}
