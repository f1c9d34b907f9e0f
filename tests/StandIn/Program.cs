using AiGateway.StandIn;

// dotnet AiGateway.StandIn.dll [--urls http://127.0.0.1:0] [--log FILE] [--key KEY] [--any-model]
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

await using var server = await StandInServer.StartAsync(options);
Console.WriteLine(server.Address.AbsoluteUri.TrimEnd('/'));
await Console.Out.FlushAsync();
await server.WaitForShutdownAsync();
