namespace AiGateway.StandIn;

/// <summary>The stand-in as a process: <c>dotnet AiGateway.StandIn.dll [--urls URL] [--log FILE] [--key KEY] [--any-model]</c>.</summary>
internal static class Program
{
    private static async Task Main(string[] args)
    {
        await using var server = await StandInServer.StartAsync(Read(args));
        await Console.Out.WriteLineAsync(server.Address.AbsoluteUri.TrimEnd('/'));
        await Console.Out.FlushAsync();
        await server.WaitForShutdownAsync();
    }

    private static StandInOptions Read(string[] args)
    {
        var options = new StandInOptions { RemembersRequests = false };
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--urls" => options with { Url = args[++i] },
                "--log" => options with { LogFile = args[++i] },
                "--key" => options with { ApiKey = args[++i] },
                "--any-model" => options with { ServesAnyModel = true },
                _ => throw new ArgumentException($"{args[i]} is not one of --urls, --log, --key, --any-model."),
            };
        }

        return options;
    }
}
