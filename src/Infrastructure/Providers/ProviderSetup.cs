using AiGateway.Application.Providers;

namespace AiGateway.Infrastructure.Providers;

/// <summary>The configured accounts and routes.</summary>
/// <param name="Accounts">The accounts, in the default order of attempts.</param>
/// <param name="Routes">The routes by their model name.</param>
/// <param name="Echo">Whether the offline echo provider answers: in Development, when there is no account.</param>
public sealed record ProviderSetup(IReadOnlyList<ProviderAccount> Accounts, IReadOnlyDictionary<string, ModelRoute> Routes, bool Echo = false)
{
    /// <summary>The names of all providers.</summary>
    public IEnumerable<string> Names => Echo ? [.. Accounts.Select(account => account.Name), Providers.Echo.EchoModelAdapter.ProviderName] : Accounts.Select(account => account.Name);
}
