using AiGateway.Application.OpenAiWire;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.Credentials;

namespace AiGateway.Infrastructure.Configuration.Providers;

/// <summary>Reads <c>OPENAI_*</c> and <c>AZURE_*</c>: one account each, without a list.</summary>
internal static class ProviderShorthand
{
    public const string OpenAi = "openai";
    public const string Azure = "azure-openai";

    // The newest stable version that the pinned client knows.
    private const string AzureVersion = "2024-10-21";

    /// <summary>The domains of OpenAI's regions and Azure's resources.</summary>
    private static readonly string[] OpenAiHosts = ["api.openai.com", ".openai.azure.com"];

    public static ProviderAccount? ReadOpenAi(SettingReader reader, ProviderSettings settings)
    {
        var address = reader.Address(KnownSettings.OpenAiBaseUrl);
        var key = reader.HeaderText(KnownSettings.OpenAiApiKey);
        return key is null || address is null ? null : OfOpenAi(address, key, settings);
    }

    /// <summary>An account at OpenAI or any compatible server.</summary>
    public static ProviderAccount OfOpenAi(Uri address, string key, ProviderSettings settings) => new()
    {
        Name = OpenAi,
        BaseUrl = address,
        Credential = new FixedKey(key) { Header = "Authorization", Prefix = "Bearer " },
        Profile = Array.Exists(OpenAiHosts, host => address.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase)) ? OpenAiProfile.OpenAi : OpenAiProfile.Compatible,
        PricedAs = [OpenAi],
        IsPricedByAnySeller = true,
        Settings = settings,
    };

    public static ProviderAccount? ReadAzureOpenAi(SettingReader reader, ProviderSettings settings)
    {
        var address = reader.Address(KnownSettings.AzureEndpoint);
        var key = reader.HeaderText(KnownSettings.AzureApiKey);
        var deployment = reader.HeaderText(KnownSettings.AzureDeployment);
        if (!reader.IsSet(KnownSettings.AzureEndpoint) && (reader.IsSet(KnownSettings.AzureApiKey) || reader.IsSet(KnownSettings.AzureDeployment)))
            reader.Fault(KnownSettings.AzureEndpoint, "is required when another setting of Azure OpenAI is given");
        if (!reader.IsSet(KnownSettings.AzureApiKey) && (reader.IsSet(KnownSettings.AzureEndpoint) || reader.IsSet(KnownSettings.AzureDeployment)))
            reader.Fault(KnownSettings.AzureApiKey, "is required when another setting of Azure OpenAI is given");
        return address is null || key is null ? null : OfAzure(address, key, deployment, settings);
    }

    /// <summary>An account at an Azure OpenAI resource, by the addresses of its deployments.</summary>
    public static ProviderAccount OfAzure(Uri address, string key, string? deployment, ProviderSettings settings) => new()
    {
        Name = Azure,
        BaseUrl = address,
        Credential = new FixedKey(key) { Header = "api-key" },
        Profile = OpenAiProfile.OpenAi,
        AzureApiVersion = AzureVersion,
        Deployment = deployment,
        PricedAs = [Azure],
        IsPricedByAnySeller = true,
        Settings = settings,
    };
}
