using AiGateway.Infrastructure.Providers.OpenAi;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>Reads the gateway's accounts at providers.</summary>
internal static class ProviderAccounts
{
    public static OpenAiSettings? ReadOpenAi(SettingReader reader)
    {
        var address = reader.Address(KnownSettings.OpenAiBaseUrl);
        var key = reader.HeaderText(KnownSettings.OpenAiApiKey);
        return key is null || address is null ? null : new OpenAiSettings { ApiKey = key, BaseUrl = address };
    }

    public static AzureOpenAiSettings? ReadAzureOpenAi(SettingReader reader)
    {
        var address = reader.Address(KnownSettings.AzureEndpoint);
        var key = reader.HeaderText(KnownSettings.AzureApiKey);
        var deployment = reader.HeaderText(KnownSettings.AzureDeployment);
        if (!reader.IsSet(KnownSettings.AzureEndpoint) && (reader.IsSet(KnownSettings.AzureApiKey) || reader.IsSet(KnownSettings.AzureDeployment)))
            reader.Fault(KnownSettings.AzureEndpoint, "is required when another setting of Azure OpenAI is given");
        if (!reader.IsSet(KnownSettings.AzureApiKey) && (reader.IsSet(KnownSettings.AzureEndpoint) || reader.IsSet(KnownSettings.AzureDeployment)))
            reader.Fault(KnownSettings.AzureApiKey, "is required when another setting of Azure OpenAI is given");
        return address is null || key is null
            ? null
            : new AzureOpenAiSettings { Endpoint = address, ApiKey = key, Deployment = deployment };
    }

    /// <summary>Without an account, echo answers in Development; anywhere else this is a fault.</summary>
    public static bool NeedsEcho(SettingReader reader, List<string> warnings)
    {
        var key = KnownSettings.OpenAiApiKey;
        var hasOpenAi = reader.IsSet(key);
        if (!hasOpenAi && reader.IsSet(KnownSettings.OpenAiBaseUrl))
            warnings.Add($"{KnownSettings.OpenAiBaseUrl.Name} has no effect without {key.Name}. For a service without keys, set any value.");
        if (hasOpenAi || reader.IsSet(KnownSettings.AzureApiKey)) return false;
        if (!reader.IsDevelopment)
        {
            reader.Fault(key, "is required: no provider has a key (the offline echo provider answers in Development only)");
            return false;
        }

        warnings.Add($"No provider has a key: the offline echo provider answers instead of a model. Set {key.Name} for real answers.");
        return true;
    }
}
