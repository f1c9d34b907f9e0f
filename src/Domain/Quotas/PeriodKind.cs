namespace AiGateway.Domain;

/// <summary>Lengths of time over which usage is counted. The numbers are stored.</summary>
public enum PeriodKind
{
    /// <summary>A UTC day.</summary>
    Day = 1,

    /// <summary>A UTC calendar month.</summary>
    Month = 2,
}
