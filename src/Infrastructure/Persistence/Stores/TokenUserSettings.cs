using AiGateway.Domain;

namespace AiGateway.Infrastructure.Persistence.Stores;

/// <summary>Which users are created for subjects of tokens.</summary>
public sealed record TokenUserSettings
{
    /// <summary>Most users created for tokens, 1 to 10,000,000; 10,000 by default (<c>Jwt:MaxUsers</c>).</summary>
    public int MaxUsers { get; init; } = 10_000;

    /// <summary>The team that each such user joins; null: none (<c>Jwt:DefaultTeam</c>).</summary>
    public Guid? TeamId { get; init; }

    /// <summary>The limits of each such user; null: the configured default limits apply (<c>Jwt:DefaultLimits</c>).</summary>
    public QuotaLimits? Limits { get; init; }
}
