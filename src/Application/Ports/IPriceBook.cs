using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>The dated price book: the built-in one with the operator's file merged over it.</summary>
public interface IPriceBook
{
    /// <summary>Names the exact content; stored in every usage record.</summary>
    string Version { get; }

    /// <summary>Every model, ordered by provider and name.</summary>
    IReadOnlyList<PricedModel> Models { get; }

    /// <summary>
    /// The model as this provider sells it; a provider without an own entry gets the first that sells the model.
    /// Null when nobody does. Names are compared ordinally.
    /// </summary>
    PricedModel? Find(string provider, string model);
}
