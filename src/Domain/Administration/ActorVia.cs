namespace AiGateway.Domain;

/// <summary>How the author of an administrative change reached the gateway. The numbers are stored.</summary>
public enum ActorVia
{
    /// <summary>An API key.</summary>
    Key = 1,

    /// <summary>A token of the identity provider.</summary>
    Token = 2,

    /// <summary>The user of Development, who needs no credentials.</summary>
    Development = 3,

    /// <summary>A sub-command on the machine of the gateway.</summary>
    Cli = 4,

    /// <summary>The gateway's own start.</summary>
    Start = 5,

    /// <summary>The console, signed in by a key or by the OpenID provider.</summary>
    Console = 6,
}
