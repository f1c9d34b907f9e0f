using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Configuration.Sources;

namespace AiGateway.Api;

/// <summary>Reads the settings of this process from all their sources.</summary>
internal static class ProcessSettings
{
    public static GatewaySettings ReadSettings(this WebApplicationBuilder builder)
    {
        var isDevelopment = builder.Environment.IsDevelopment();
        return GatewaySettings.Read(builder.Configuration, isDevelopment, builder.Configuration.AddSettingSources(isDevelopment));
    }

    /// <summary>The path of the operator's price file, read without the other settings; null: none.</summary>
    public static string? ReadPricesFile(this WebApplicationBuilder builder)
    {
        builder.Configuration.AddSettingSources(builder.Environment.IsDevelopment());
        return builder.Configuration[KnownSettings.PricesFile.Name] is { Length: > 0 } path ? path : null;
    }
}
