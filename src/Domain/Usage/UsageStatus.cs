namespace AiGateway.Domain;

/// <summary>Where a request stands in the books. The numbers are stored.</summary>
public enum UsageStatus
{
    /// <summary>Under way: its worst case is held.</summary>
    Held = 0,

    /// <summary>Done: its cost is booked.</summary>
    Settled = 1,

    /// <summary>Nothing was delivered and nothing is owed: request and money went back.</summary>
    Released = 2,

    /// <summary>The gateway lost sight of it (its lease ran out): booked at the held worst case.</summary>
    Abandoned = 3,
}
