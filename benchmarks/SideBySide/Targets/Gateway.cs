namespace AiGateway.SideBySide.Targets;

/// <summary>
/// The gateway with all features on: key authentication, validation, exact quotas, a durable ledger, and a log line for each request.
/// </summary>
/// <param name="folder">The folder of its program; null for the build of this repository.</param>
/// <param name="upstream">The provider.</param>
internal sealed class Gateway(string? folder, Uri upstream)
{
    private const string ProgramFile = "AiGateway.Api.dll";

    /// <summary>The key of the administrator of each gateway.</summary>
    public const string Key = "agw_benchmark_0123456789abcdef0123456789";

    /// <summary>Starts a gateway.</summary>
    /// <param name="store">Its database. Several gateways may have one.</param>
    /// <param name="more">Further settings.</param>
    public Task<Target> StartAsync(Store store, params (string Name, string Value)[] more)
    {
        var program = Path.Combine(folder ?? Built(), ProgramFile);
        if (!File.Exists(program)) throw new FileNotFoundException("Run the benchmark with -c Release: it builds the gateway too.", program);
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["OPENAI_API_KEY"] = "none",
            ["OPENAI_BASE_URL"] = $"{upstream}v1",
            ["OPENAI_MODEL"] = "gpt-6-luna",
            ["AI_GATEWAY_BOOTSTRAP_KEY"] = Key,
            ["AI_GATEWAY_RATE_LIMIT_PER_MINUTE"] = "1000000",
            ["AI_QUOTA_DAILY_LIMIT"] = "1000000000",
            ["AI_QUOTA_MONTHLY_LIMIT"] = "1000000000",
            ["AI_QUOTA_MONTHLY_SPEND_LIMIT"] = "1000000",
            ["Database__Provider"] = store.Provider,
            ["ConnectionStrings__Gateway"] = store.ConnectionString,
        };
        foreach (var (setting, value) in more) settings[setting] = value;
        return Target.StartAsync(["dotnet", program], settings, Key, Path.GetDirectoryName(program)!);
    }

    private static string Built() => Path.Combine(Testing.Repository.Root, "src", "Api", "bin", "Release", "net10.0");
}
