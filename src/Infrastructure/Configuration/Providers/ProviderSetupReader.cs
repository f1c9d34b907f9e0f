using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.Echo;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Configuration.Providers;

/// <summary>Reads the accounts and routes: the only part of the configuration that may change while the gateway runs.</summary>
internal static class ProviderSetupReader
{
    public static ProviderSetup Read(SettingReader reader, ProviderSettings defaults, List<string> warnings)
    {
        CheckProxies(reader);
        var listed = new ProviderListReader(reader, defaults).Read();
        var accounts = new List<ProviderAccount>(listed.Count + 2);
        foreach (var shorthand in new[] { ProviderShorthand.ReadOpenAi(reader, defaults), ProviderShorthand.ReadAzureOpenAi(reader, defaults) })
        {
            // A listed account replaces the shorthand of its name.
            if (shorthand is not null && !listed.Any(each => each.Name == shorthand.Name)) accounts.Add(shorthand);
        }

        accounts.AddRange(listed);
        if (!reader.IsSet(KnownSettings.OpenAiApiKey) && reader.IsSet(KnownSettings.OpenAiBaseUrl))
            warnings.Add($"{KnownSettings.OpenAiBaseUrl.Name} has no effect without {KnownSettings.OpenAiApiKey.Name}. For a service without keys, set any value.");
        var echo = accounts.Count == 0 && NeedsEcho(reader, warnings);
        var names = accounts.Select(account => account.Name).ToHashSet(StringComparer.Ordinal);
        if (echo) names.Add(EchoModelAdapter.ProviderName);
        return new ProviderSetup(accounts, new RouteListReader(reader, names).Read(), echo);
    }

    private static void CheckProxies(SettingReader reader)
    {
        try
        {
            EnvironmentProxy.From(Environment.GetEnvironmentVariable);
        }
        catch (FormatException)
        {
            reader.Fault([new ConfigurationFault("HTTPS_PROXY, HTTP_PROXY or ALL_PROXY", "must be the address of a proxy, such as http://proxy.example.com:3128")]);
        }
    }

    // Without an account, echo answers in Development; anywhere else this is a fault.
    private static bool NeedsEcho(SettingReader reader, List<string> warnings)
    {
        var key = KnownSettings.OpenAiApiKey;

        // A faulty account is named already.
        if (reader.IsSet(key) || reader.IsSet(KnownSettings.AzureApiKey) || reader.Section(ProviderListReader.Section).GetChildren().Any()) return false;
        if (!reader.IsDevelopment)
        {
            reader.Fault(key, "is required: no provider has a key (the offline echo provider answers in Development only)");
            return false;
        }

        warnings.Add($"No provider has a key: the offline echo provider answers instead of a model. Set {key.Name} for real answers.");
        return true;
    }
}
