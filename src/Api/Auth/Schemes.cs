namespace AiGateway.Api.Auth;

/// <summary>Names of authentication schemes.</summary>
internal static class Schemes
{
    public const string ApiKey = "ApiKey";
    public const string Jwt = "Jwt";
    public const string Development = "Development";
}
