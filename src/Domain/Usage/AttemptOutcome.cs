namespace AiGateway.Domain;

/// <summary>The outcome of one HTTP call to a provider. It decides the charge.</summary>
public enum AttemptOutcome
{
    /// <summary>The provider answered to the end.</summary>
    Answered = 0,

    /// <summary>Nothing reached the provider: no address, no connection, no trusted certificate. It is free.</summary>
    NotSent = 1,

    /// <summary>The provider answered with an error before the first token. It is free.</summary>
    Refused = 2,

    /// <summary>The call was sent and no complete answer came. The provider may bill it.</summary>
    Unknown = 3,

    /// <summary>The caller left before the answer was complete.</summary>
    ClientLeft = 4,
}
