namespace AiGateway.Domain;

/// <summary>One member of a stored <see cref="ChargeSet"/>.</summary>
public sealed class ChargeSetMember
{
    /// <summary>The kind of a member that is a model.</summary>
    public const int ModelKind = 100;

    /// <summary>The set.</summary>
    public required Guid SetId { get; init; }

    /// <summary>A <see cref="ScopeKind"/>, or <see cref="ModelKind"/>.</summary>
    public required int Kind { get; init; }

    /// <summary>The scope; all zero for a model.</summary>
    public required Guid ScopeId { get; init; }

    /// <summary>The time zone of the scope, or the name of the model.</summary>
    public required string Name { get; init; }
}
