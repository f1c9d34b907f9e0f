using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.ApiKeys;

/// <summary>Creates keys. The secret is only in the reply and never stored.</summary>
internal sealed class ApiKeyMint(IApiKeyStore keys, IApiKeySecrets secrets, TimeProvider time)
{
    public async Task<CreatedApiKey> MintAsync(
        Guid userId, string name, IEnumerable<string> scopes, DateTimeOffset? expiresAt, KeyDetails details, Actor by,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var secret = secrets.Create();
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            Name = name,
            Prefix = secrets.PrefixOf(secret),
            Hash = secrets.HashOf(secret),
            Scopes = string.Join(' ', scopes.Distinct()),
            CreatedAt = now,
            ExpiresAt = expiresAt,
            TeamId = details.TeamId,
            ProjectId = details.ProjectId,
            AllowedModels = WordList.Join(details.AllowedModels),
            AllowedNetworks = KeyDetailRules.JoinNetworks(details.AllowedNetworks),
            Description = details.Description,
            Tags = WordList.Join(details.Tags),
        };
        await keys.AddAsync(key, by, cancellationToken);
        return new(key, secret);
    }
}
