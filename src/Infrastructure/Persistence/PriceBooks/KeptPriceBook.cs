namespace AiGateway.Infrastructure.Persistence.PriceBooks;

/// <summary>A version of the price book that a gateway ran with. Rows are never changed or removed.</summary>
internal sealed class KeptPriceBook
{
    /// <summary>The version, as usage records have it.</summary>
    public required string Version { get; init; }

    /// <summary>When a gateway first stored it.</summary>
    public required DateTimeOffset FirstUsedAt { get; init; }

    /// <summary>All its models, in the form of a price file.</summary>
    public required string Content { get; init; }
}
