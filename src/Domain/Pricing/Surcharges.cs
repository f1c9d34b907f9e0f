namespace AiGateway.Domain;

/// <summary>Conditions of a call, besides its service tier, that scale the price of all its tokens. They multiply.</summary>
[Flags]
public enum Surcharges
{
    /// <summary>The list price.</summary>
    None = 0,

    /// <summary>The call is kept in the United States, as with Anthropic's <c>inference_geo: us</c>.</summary>
    UsGeography = 1,

    /// <summary>The call runs in the provider's fast mode, as with Anthropic's <c>speed: fast</c>.</summary>
    Fast = 2,

    /// <summary>The call touches the peak hours of the price.</summary>
    Peak = 4,
}
