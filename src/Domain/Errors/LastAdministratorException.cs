namespace AiGateway.Domain;

/// <summary>The change would remove the last administrator. Nothing was changed.</summary>
public sealed class LastAdministratorException() : AiGatewayException(
    ErrorCode.Conflict,
    "This is the last active administrator key, its user, or a scope above it. Nothing was changed, because the gateway needs an administrator. "
    + $"First create another key with the scope {Scopes.Admin}, for another user if you disable this one.");
