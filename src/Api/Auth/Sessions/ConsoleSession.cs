using AiGateway.Domain;

namespace AiGateway.Api.Auth.Sessions;

/// <summary>Who is signed in to the console. It holds no secret: a key by the stored form of its secret, a person by name.</summary>
/// <param name="KeyHash">The key, as its SHA-256; null: a person signed in at the OpenID provider.</param>
/// <param name="Person">The person; null: a key signed in.</param>
/// <param name="ExpiresAt">When the session ends.</param>
internal sealed record ConsoleSession(byte[]? KeyHash, SignedInPerson? Person, DateTimeOffset ExpiresAt)
{
    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    private static readonly string[] Enough = [Scopes.Admin, Scopes.AdminTeam, Scopes.Usage];

    /// <summary>Requires rights with which the console shows something.</summary>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.PermissionDenied"/>: there are none.</exception>
    public static void RequireRights(IReadOnlyList<string> scopes)
    {
        if (scopes.Any(Enough.Contains)) return;
        throw new AiGatewayException(
            ErrorCode.PermissionDenied, $"The console needs one of {string.Join(", ", Enough)}. You have {(scopes.Count == 0 ? "none" : string.Join(", ", scopes))}. Ask an administrator.");
    }
}

/// <summary>A person who signed in at the OpenID provider.</summary>
/// <param name="Issuer">The provider.</param>
/// <param name="Subject">The person's id there.</param>
/// <param name="Name">The person's name; null: unknown.</param>
/// <param name="Scopes">The rights that the person's claims gave at the sign-in.</param>
internal sealed record SignedInPerson(string Issuer, string Subject, string? Name, IReadOnlyList<string> Scopes);
