using AiGateway.Domain;

namespace AiGateway.Application.Pricing;

/// <summary>The dated price book: the built-in one with the operator's file merged over it.</summary>
public interface IPriceBook
{
    /// <summary>The version of the exact content; stored in every usage record.</summary>
    string Version { get; }

    /// <summary>Every model, ordered by provider and name.</summary>
    IReadOnlyList<PricedModel> Models { get; }

    /// <summary>
    /// The model with the price of this provider; without an entry for the provider, the first entry of the model. Null when
    /// there is none. Names are compared ordinally. A name that ends in a date falls back to the name without it.
    /// </summary>
    PricedModel? Find(string provider, string model);
}
