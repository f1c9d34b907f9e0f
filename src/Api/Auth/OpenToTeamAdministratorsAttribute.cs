namespace AiGateway.Api.Auth;

/// <summary>
/// An endpoint of the administration that administrators of a team may use. Without it, the endpoint needs <c>ai:admin</c>.
/// What they reach through it is decided in the application, by <c>TeamGuard</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenToTeamAdministratorsAttribute : Attribute;
