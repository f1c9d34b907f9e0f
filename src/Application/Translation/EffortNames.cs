using AiGateway.Domain;

namespace AiGateway.Application.Translation;

/// <summary>The names of efforts of reasoning. Both wires use the same.</summary>
internal static class EffortNames
{
    private static readonly (string Name, ReasoningEfforts Effort)[] Names =
    [
        ("none", ReasoningEfforts.Off), ("minimal", ReasoningEfforts.Minimal), ("low", ReasoningEfforts.Low), ("medium", ReasoningEfforts.Medium),
        ("high", ReasoningEfforts.High), ("xhigh", ReasoningEfforts.XHigh), ("max", ReasoningEfforts.Max),
    ];

    /// <summary>All names, for a message.</summary>
    public static string All => string.Join(", ", Names.Select(each => each.Name));

    /// <summary>The effort of a name; null: there is none.</summary>
    public static ReasoningEfforts? Find(string? name)
    {
        foreach (var each in Names)
        {
            if (each.Name == name) return each.Effort;
        }

        return null;
    }

    /// <summary>The name of an effort.</summary>
    public static string Of(ReasoningEfforts effort) => Array.Find(Names, each => each.Effort == effort).Name;

    /// <summary>
    /// The nearest effort that the model accepts: the one asked for, else the next lower one, else the next higher one. Where
    /// the efforts are unknown, those of every reasoning model and <c>xhigh</c> count as accepted.
    /// </summary>
    public static ReasoningEfforts AtMost(ReasoningEfforts effort, ModelTraits traits)
    {
        var accepted = traits.Efforts ?? ReasoningEfforts.Low | ReasoningEfforts.Medium | ReasoningEfforts.High | ReasoningEfforts.XHigh;
        for (var lower = (int)effort; lower >= (int)ReasoningEfforts.Minimal; lower >>= 1)
        {
            if (accepted.HasFlag((ReasoningEfforts)lower)) return (ReasoningEfforts)lower;
        }

        for (var higher = (int)effort << 1; higher <= (int)ReasoningEfforts.Max; higher <<= 1)
        {
            if (accepted.HasFlag((ReasoningEfforts)higher)) return (ReasoningEfforts)higher;
        }

        return effort;
    }
}
