namespace AiGateway.Domain;

/// <summary>The models that a caller may use: a model must match a pattern of every list.</summary>
/// <param name="Lists">The lists, from the widest scope to the key; empty: every model may be used.</param>
public sealed record ModelAccess(IReadOnlyList<ModelList> Lists)
{
    /// <summary>Every model.</summary>
    public static readonly ModelAccess All = new([]);

    /// <summary>Whether every list holds the model.</summary>
    public bool Allows(string model) => FindRefusing(model) is null;

    /// <summary>The widest list that does not hold the model; null: the model may be used.</summary>
    public ModelList? FindRefusing(string model)
    {
        for (var i = 0; i < Lists.Count; i++)
        {
            if (!Lists[i].Holds(model)) return Lists[i];
        }

        return null;
    }
}

/// <summary>The models that a scope allows.</summary>
/// <param name="Kind">The kind of the scope.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Patterns">Names of models, or prefixes that end with <c>*</c>.</param>
public sealed record ModelList(ScopeKind Kind, string Name, IReadOnlyList<string> Patterns)
{
    /// <summary>Whether a pattern matches the model.</summary>
    public bool Holds(string model)
    {
        for (var i = 0; i < Patterns.Count; i++)
        {
            if (ModelPattern.Matches(Patterns[i], model)) return true;
        }

        return false;
    }
}
