using AiGateway.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;

namespace AiGateway.Infrastructure.Tests.Configuration;

/// <summary>Reads settings from a few given values.</summary>
internal static class Given
{
    public static GatewaySettings Development(params (string Name, string? Value)[] values) => Read(values, isDevelopment: true);

    /// <summary>Reads the values with a provider's key, outside Development. Only the values can then be faulty.</summary>
    public static GatewaySettings Production(params (string Name, string? Value)[] values) =>
        Read([("OPENAI_API_KEY", "sk-test"), .. values], isDevelopment: false);

    public static IReadOnlyList<ConfigurationFault> FaultsOf(Func<GatewaySettings> read) =>
        Assert.Throws<ConfigurationFaultsException>(() => read())!.Faults;

    public static GatewaySettings Read(IEnumerable<(string Name, string? Value)> values, bool isDevelopment)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.GroupBy(value => value.Name).Select(group => KeyValuePair.Create(group.Key, group.Last().Value)))
            .Build();
        return GatewaySettings.Read(configuration, isDevelopment);
    }
}
