namespace AiGateway.Domain;

/// <summary>The one row that tells gateways when to read budgets and rates again.</summary>
public sealed class BudgetState
{
    /// <summary>The id of the row.</summary>
    public const int OnlyId = 1;

    /// <summary>Always <see cref="OnlyId"/>.</summary>
    public required int Id { get; init; }

    /// <summary>Grows with each change of a budget or a rate.</summary>
    public required long Epoch { get; init; }

    /// <summary>The number of budgets.</summary>
    public required long Budgets { get; init; }

    /// <summary>The number of rates.</summary>
    public long Rates { get; init; }
}
