namespace AiGateway.Domain;

/// <summary>What a caller may do.</summary>
public static class Scopes
{
    /// <summary>Generate, and read one's own usage.</summary>
    public const string Generate = "ai:generate";

    /// <summary>Administer users, keys, quotas and usage.</summary>
    public const string Admin = "ai:admin";

    /// <summary>All scopes.</summary>
    public static readonly IReadOnlyList<string> All = [Generate, Admin];
}
