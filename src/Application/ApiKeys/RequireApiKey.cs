using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.ApiKeys;

internal static class RequireApiKey
{
    /// <summary>The key, or a failure that names the id.</summary>
    public static async Task<ApiKey> RequireAsync(this IApiKeyStore keys, Guid id, CancellationToken cancellationToken) =>
        await keys.FindAsync(id, cancellationToken) ?? throw Missing(id);

    public static AiGatewayException Missing(Guid id) => MissingTarget.Of(ScopeKind.Key, id);
}
