namespace AiGateway.Domain;

/// <summary>The status of a request in the ledger. The numbers are stored.</summary>
public enum UsageStatus
{
    /// <summary>In progress: its maximum cost is held.</summary>
    Held = 0,

    /// <summary>Done: its cost is charged.</summary>
    Settled = 1,

    /// <summary>Nothing was delivered and nothing is owed: the request count and the amount are given back.</summary>
    Released = 2,

    /// <summary>The lease ran out before a settlement: charged at the held maximum.</summary>
    Expired = 3,

    /// <summary>It was sent and no complete answer came: the provider may bill it, so it is charged and stays counted.</summary>
    Unknown = 4,
}
