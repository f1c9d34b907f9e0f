namespace AiGateway.Domain;

/// <summary>
/// What a model accepts in a request beyond its capabilities. A provider answers 400 to a request that violates a trait.
/// An unknown trait counts as accepted.
/// </summary>
public sealed record ModelTraits
{
    /// <summary>A model of which nothing is known: it accepts everything.</summary>
    public static readonly ModelTraits Unknown = new();

    /// <summary>Accepts <c>temperature</c>, <c>top_p</c> and <c>top_k</c>.</summary>
    public bool Sampling { get; init; } = true;

    /// <summary>Accepts a tool choice that forces a tool call.</summary>
    public bool ForcedToolChoice { get; init; } = true;

    /// <summary>Accepts a last message of the assistant, which it continues.</summary>
    public bool Prefill { get; init; } = true;

    /// <summary>Accepts audio at the price of text. Audio with a price of its own cannot be priced.</summary>
    public bool Audio { get; init; } = true;

    /// <summary>The accepted types of thinking; null: unknown.</summary>
    public ThinkingTypes? Thinking { get; init; }

    /// <summary>The accepted efforts of reasoning; null: unknown.</summary>
    public ReasoningEfforts? Efforts { get; init; }

    /// <summary>Whether this type of thinking is accepted.</summary>
    public bool Accepts(ThinkingTypes type) => Thinking is not { } known || known.HasFlag(type);

    /// <summary>Whether this effort is accepted.</summary>
    public bool Accepts(ReasoningEfforts effort) => Efforts is not { } known || known.HasFlag(effort);
}

/// <summary>Types of thinking, as in Anthropic's <c>thinking.type</c>.</summary>
[Flags]
public enum ThinkingTypes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>adaptive</c>: the model decides how long it thinks.</summary>
    Adaptive = 1,

    /// <summary><c>enabled</c>: the request sets a budget of tokens.</summary>
    Enabled = 2,

    /// <summary><c>disabled</c>: no thinking.</summary>
    Disabled = 4,

    /// <summary><c>between_tools</c>: only between tool calls.</summary>
    BetweenTools = 8,
}

/// <summary>Efforts of reasoning, as in OpenAI's <c>reasoning_effort</c> and Anthropic's <c>output_config.effort</c>.</summary>
[Flags]
public enum ReasoningEfforts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>none</c>: no reasoning.</summary>
    Off = 1,

    /// <summary><c>minimal</c>.</summary>
    Minimal = 2,

    /// <summary><c>low</c>.</summary>
    Low = 4,

    /// <summary><c>medium</c>.</summary>
    Medium = 8,

    /// <summary><c>high</c>.</summary>
    High = 16,

    /// <summary><c>xhigh</c>.</summary>
    XHigh = 32,

    /// <summary><c>max</c>.</summary>
    Max = 64,
}
