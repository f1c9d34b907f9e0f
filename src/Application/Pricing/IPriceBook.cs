using AiGateway.Domain;

namespace AiGateway.Application.Pricing;

/// <summary>The dated price book: the built-in one with the operator's file merged over it.</summary>
public interface IPriceBook : IPriceRows
{
    /// <summary>The version of the exact content; stored in every usage record.</summary>
    string Version { get; }

    /// <summary>The day on which the prices were last compared with their sources; null: unknown.</summary>
    DateOnly? CheckedOn { get; }
}
