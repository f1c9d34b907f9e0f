using System.Text;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Stores;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>Reads the authentication settings.</summary>
internal static class AuthenticationSettingsReader
{
    private const int MinSigningKeyBytes = 32;
    private static readonly Setting[] JwtMembers =
    [
        KnownSettings.JwtAuthority, KnownSettings.JwtIssuer, KnownSettings.JwtAudience,
        KnownSettings.JwtSigningKey, KnownSettings.JwtScopeClaim, KnownSettings.JwtMaxUsers, KnownSettings.JwtDefaultTeam, KnownSettings.JwtDefaultLimits,
        KnownSettings.JwtTeamClaim, KnownSettings.JwtProjectClaim,
    ];

    public static AuthenticationSettings Read(SettingReader reader, QuotaLimits defaults, List<string> warnings)
    {
        var enabled = reader.Flag(KnownSettings.AuthenticationEnabled);
        if (!enabled && !reader.IsDevelopment)
            reader.Fault(KnownSettings.AuthenticationEnabled, "must be true outside Development");
        else if (!enabled)
            warnings.Add("Authentication is turned off: anyone who reaches the gateway may use it. This works in Development only.");
        return new AuthenticationSettings(enabled, JwtMembers.Any(reader.IsSet) ? ReadJwt(reader, defaults) : null);
    }

    private static JwtSettings ReadJwt(SettingReader reader, QuotaLimits defaults)
    {
        var authority = reader.Address(KnownSettings.JwtAuthority);
        var audiences = reader.List(KnownSettings.JwtAudience);
        var issuers = reader.List(KnownSettings.JwtIssuer);
        var scopeClaims = reader.List(KnownSettings.JwtScopeClaim);
        var signingKey = reader.Text(KnownSettings.JwtSigningKey);
        if (authority?.Scheme == Uri.UriSchemeHttp && !reader.IsDevelopment)
            reader.Fault(KnownSettings.JwtAuthority, "must be an https address outside Development");
        if (audiences.Count == 0)
            reader.Fault(KnownSettings.JwtAudience, "is required when another Jwt setting is given");
        if (signingKey is not null && Encoding.UTF8.GetByteCount(signingKey) < MinSigningKeyBytes)
            reader.Fault(KnownSettings.JwtSigningKey, $"must be at least {MinSigningKeyBytes} bytes");
        if (signingKey is not null && issuers.Count == 0)
            reader.Fault(KnownSettings.JwtIssuer, $"is required with {KnownSettings.JwtSigningKey.Name}");
        if (reader.IsSet(KnownSettings.JwtAuthority) == (signingKey is not null))
            reader.Fault(KnownSettings.JwtAuthority, $"give exactly one of this and {KnownSettings.JwtSigningKey.Name}");
        return new JwtSettings
        {
            Authority = authority,
            Issuers = issuers,
            Audiences = audiences,
            SigningKey = signingKey,
            ScopeClaims = scopeClaims.Count > 0 ? scopeClaims : [KnownSettings.JwtScopeClaim.Default],
            TeamClaim = reader.Text(KnownSettings.JwtTeamClaim),
            ProjectClaim = reader.Text(KnownSettings.JwtProjectClaim),
            Users = new TokenUserSettings
            {
                MaxUsers = (int)reader.Whole(KnownSettings.JwtMaxUsers, 1, 10_000_000),
                TeamId = reader.Id(KnownSettings.JwtDefaultTeam),
                Limits = reader.Limits(KnownSettings.JwtDefaultLimits, defaults),
            },
        };
    }
}
