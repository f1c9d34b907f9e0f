using AiGateway.Domain;

namespace AiGateway.Application.Providers;

/// <summary>What a reply says of surcharges. What it leaves open is as the request asked.</summary>
/// <param name="Known">The surcharges of which the reply says whether they apply.</param>
/// <param name="Applied">Those that apply.</param>
public readonly record struct BilledSurcharges(Surcharges Known, Surcharges Applied)
{
    /// <summary>The surcharges of the call.</summary>
    /// <param name="requested">The surcharges that the request asks for, or may get.</param>
    public Surcharges Of(Surcharges requested) => (requested & ~Known) | Applied;

    /// <summary>What a later event says, and of the rest what this one says.</summary>
    public BilledSurcharges With(BilledSurcharges later) => new(Known | later.Known, later.Of(Applied));
}
