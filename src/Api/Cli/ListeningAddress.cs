namespace AiGateway.Api.Cli;

/// <summary>The address at which a gateway with the settings of this process listens, as this machine reaches it.</summary>
internal static class ListeningAddress
{
    private const string Default = "http://localhost:5000";

    /// <summary>Null where the gateway listens at something else than HTTP, such as a Unix socket.</summary>
    public static Uri? Read()
    {
        var environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Production;
        return Find(new ConfigurationBuilder()
            .AddEnvironmentVariables("DOTNET_")
            .AddEnvironmentVariables("ASPNETCORE_")
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{environment}.json", optional: true)
            .AddEnvironmentVariables()
            .Build());
    }

    /// <summary>The server's endpoints come first, then addresses, then ports, as in the web server.</summary>
    public static Uri? Find(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>().ToList();
        if (endpoints.Count > 0) return First(endpoints);
        if (configuration["URLS"] is { Length: > 0 } urls) return First(Split(urls));
        if (configuration["HTTP_PORTS"] is { Length: > 0 } ports) return First(Split(ports).Select(port => $"http://*:{port}"));
        return new Uri(Default);
    }

    public static bool IsHttp(Uri address) => address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps;

    private static string[] Split(string list) => list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // HTTP before HTTPS: the certificate is not made for the name of this machine.
    private static Uri? First(IEnumerable<string> addresses) => addresses
        .Select(ToReachable).OfType<Uri>().OrderBy(address => address.Scheme == Uri.UriSchemeHttp ? 0 : 1).FirstOrDefault();

    private static Uri? ToReachable(string text)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }

        if (address.IsUnixPipe || address.IsNamedPipe) return null;
        var host = address.Host switch
        {
            "+" or "*" or "0.0.0.0" => "127.0.0.1",
            "[::]" => "[::1]",
            var named => named,
        };
        return Uri.TryCreate($"{address.Scheme}://{host}:{address.Port}", UriKind.Absolute, out var found) && IsHttp(found) ? found : null;
    }
}
