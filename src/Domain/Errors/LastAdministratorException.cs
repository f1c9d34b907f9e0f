namespace AiGateway.Domain;

/// <summary>The change would leave nobody who can administer the gateway. Nothing was changed.</summary>
public sealed class LastAdministratorException() : AiGatewayException(
    ErrorCode.Conflict,
    "This is the last active administrator key, or the user of it. Without it nobody could administer the gateway, so nothing was "
    + $"changed. Make another key with the scope {Scopes.Admin} first, for another user if you disable this one.");
