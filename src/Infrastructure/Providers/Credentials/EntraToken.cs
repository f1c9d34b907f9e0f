using Azure.Core;
using Azure.Identity;

namespace AiGateway.Infrastructure.Providers.Credentials;

/// <summary>
/// A token of Microsoft Entra for the identity that the process runs as: environment, workload identity, managed identity or
/// the signed-in developer. The identity library keeps it and renews it before it ends.
/// </summary>
public sealed class EntraToken(TokenCredential identity, string scope) : ProviderCredential
{
    /// <summary>The scope of Azure OpenAI and Foundry.</summary>
    public const string AzureScope = "https://cognitiveservices.azure.com/.default";

    private volatile string? _last;

    /// <inheritdoc/>
    public override string? Last => _last;

    /// <summary>The identity of the process.</summary>
    public static EntraToken OfTheProcess() => new(new DefaultAzureCredential(), AzureScope) { Header = "Authorization", Prefix = "Bearer " };

    /// <inheritdoc/>
    public override async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            var token = await identity.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken);
            return _last = token.Token;
        }
        catch (AuthenticationFailedException failure)
        {
            throw Unavailable("Microsoft Entra gave no token.", failure);
        }
    }
}
