namespace AiGateway.Api.Auth;

/// <summary>Names of authorization policies. Each requires the scope of the same meaning.</summary>
internal static class Policies
{
    public const string Generate = "Generate";
    public const string Usage = "Usage";
    public const string Admin = "Admin";
}
