using AiGateway.Application;
using AiGateway.Application.ApiKeys;
using AiGateway.Application.Users;

namespace AiGateway.Api.Auth.Keys;

/// <summary>Finds callers of API keys in memory.</summary>
internal sealed class KnownKeys(ICallerDirectory callers, IApiKeyUses uses, CredentialSchemes schemes)
{
    /// <summary>
    /// The caller of a valid key that is in memory and may be used from the client's address. Null in every other case:
    /// authentication decides.
    /// </summary>
    public Caller? FindCaller(HttpContext context)
    {
        var credentials = Credentials.Read(context.Request);
        if (credentials.Secret is not { } secret || schemes.Of(credentials) != Schemes.ApiKey) return null;
        return callers.Recall(secret).Caller is { } caller && TryUse(caller, context) ? caller : null;
    }

    /// <summary>Notes the use of a valid key; false when the client's address is in none of its networks.</summary>
    public bool TryUse(Caller caller, HttpContext context)
    {
        if (caller.AllowedNetworks is { } networks && !ClientAddress.IsWithin(context, networks)) return false;
        uses.Note(caller.ApiKeyId!.Value);
        return true;
    }
}
