using AiGateway.Infrastructure.Configuration.Schemas;

namespace AiGateway.Api.Cli;

/// <summary><c>schema settings</c> and <c>schema prices</c>: print the JSON schemas of the files that operators write.</summary>
internal static class SchemaCommand
{

    private const string Usage = """
        usage: schema settings   print the JSON schema of appsettings.json and of the file of AI_GATEWAY_CONFIG
               schema prices     print the JSON schema of price files (AI_GATEWAY_PRICES)
        """;

    public static int Run(string[] options, TextWriter output, TextWriter errors)
    {
        if (options is ["settings"]) output.Write(SettingsSchema.Write());
        else if (options is ["prices"]) output.Write(PriceFileSchema.Write());
        else errors.WriteLine(Usage);
        return options is ["settings"] or ["prices"] ? 0 : CommandLine.BadUsage;
    }
}
