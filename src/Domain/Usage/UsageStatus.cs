namespace AiGateway.Domain;

/// <summary>Where a request stands in the ledger. The numbers are stored.</summary>
public enum UsageStatus
{
    /// <summary>Under way: its worst case is held.</summary>
    Held = 0,

    /// <summary>Done: its cost is charged.</summary>
    Settled = 1,

    /// <summary>Nothing was delivered and nothing is owed: request and money went back.</summary>
    Released = 2,

    /// <summary>The gateway lost sight of it (its lease ran out): booked at the held worst case.</summary>
    Expired = 3,

    /// <summary>It was sent and no complete answer came: the provider may bill it, so it is charged and stays counted.</summary>
    Unknown = 4,
}
