using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Credentials;

namespace AiGateway.Infrastructure.Configuration.SignIn;

/// <summary>Reads the settings of the console.</summary>
internal static class ConsoleSettingsReader
{
    private const string FromEnvironment = "env:";
    private const string FromFile = "file:";
    private static readonly Setting[] OidcMembers =
    [
        KnownSettings.OidcAuthority, KnownSettings.OidcClientId, KnownSettings.OidcClientSecret,
        KnownSettings.OidcScopes, KnownSettings.OidcClaim, KnownSettings.OidcClaimSeparator, KnownSettings.OidcRights,
    ];

    public static ConsoleSettings Read(SettingReader reader) => new(
        reader.Flag(KnownSettings.Console), ReadPublicUrl(reader), OidcMembers.Any(reader.IsSet) ? ReadOidc(reader) : null);

    private static Uri? ReadPublicUrl(SettingReader reader)
    {
        var address = reader.Address(KnownSettings.PublicUrl);
        if (address is null || (address.Scheme == Uri.UriSchemeHttps && address.AbsolutePath == "/")) return address;
        reader.Fault(KnownSettings.PublicUrl, "must be an https address without a path");
        return null;
    }

    private static OidcSettings? ReadOidc(SettingReader reader)
    {
        var authority = reader.Address(KnownSettings.OidcAuthority);
        var clientId = reader.Text(KnownSettings.OidcClientId);
        var rights = ReadRights(reader);
        var secret = ReadSecret(reader);
        if (!reader.IsSet(KnownSettings.OidcAuthority)) reader.Fault(KnownSettings.OidcAuthority, "is required when another Oidc setting is given");
        if (authority?.Scheme == Uri.UriSchemeHttp && !reader.IsDevelopment) reader.Fault(KnownSettings.OidcAuthority, "must be an https address outside Development");
        if (clientId is null) reader.Fault(KnownSettings.OidcClientId, $"is required with {KnownSettings.OidcAuthority.Name}");
        if (authority is null || clientId is null) return null;
        return new OidcSettings
        {
            Authority = authority,
            ClientId = clientId,
            ClientSecret = secret,
            Scopes = reader.IsSet(KnownSettings.OidcScopes) ? reader.List(KnownSettings.OidcScopes) : [KnownSettings.OidcScopes.Default],
            Claim = reader.Text(KnownSettings.OidcClaim)!,
            Separator = reader.Choice<ClaimSeparator>(KnownSettings.OidcClaimSeparator),
            Rights = rights,
        };
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadRights(SettingReader reader)
    {
        var rights = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var part in (reader.Text(KnownSettings.OidcRights) ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // The value of a claim may contain an equals sign, such as the name of a group in a directory. A right never does.
            var at = part.LastIndexOf('=');
            var scopes = part[(at + 1)..].Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (at <= 0 || scopes.Length == 0 || !scopes.All(Scopes.All.Contains) || !rights.TryAdd(part[..at].TrimEnd(), scopes)) return Faulty();
        }

        return rights.Count > 0 ? rights : Faulty();

        Dictionary<string, IReadOnlyList<string>> Faulty()
        {
            reader.Fault(KnownSettings.OidcRights, $"must be such as platform=ai:admin ai:generate;finance=ai:usage, each value once, with any of {string.Join(", ", Scopes.All)}");
            return [];
        }
    }

    private static string? ReadSecret(SettingReader reader)
    {
        var given = reader.Text(KnownSettings.OidcClientSecret);
        if (given is null) return null;
        if (given.StartsWith(FromEnvironment, StringComparison.Ordinal))
            given = Environment.GetEnvironmentVariable(given[FromEnvironment.Length..])?.Trim();
        else if (given.StartsWith(FromFile, StringComparison.Ordinal))
            given = KeyFile.Read(given[FromFile.Length..]);
        if (string.IsNullOrEmpty(given)) reader.Fault(KnownSettings.OidcClientSecret, "names an environment variable that is not set, or a file that cannot be read or holds no secret");
        return given;
    }
}
