using System.Collections.Frozen;
using AiGateway.Application.Requests;

namespace AiGateway.Api.Wires;

/// <summary>What the gateway does with a known top-level member.</summary>
internal enum MemberRule
{
    /// <summary>A reader has its own rule for it, or no model reads it and it costs nothing.</summary>
    Known,

    /// <summary>Models read it: it is counted as its JSON text.</summary>
    Text,

    /// <summary>It changes how the prompt is built: the context window is held.</summary>
    Unbounded,

    /// <summary>It refers to stored content at an endpoint that cannot know the owner: refused.</summary>
    Stored,

    /// <summary>One of <see cref="UnpricedMembers"/>.</summary>
    Unpriced,
}

/// <summary>The rules of the top-level members of an operation. Names are found without regard to case.</summary>
internal static class MemberTable
{
    /// <summary>A table of these members. A name of <see cref="UnpricedMembers"/> that is in no list is unpriced.</summary>
    public static FrozenDictionary<string, (string Name, MemberRule Rule)> Of(string[] known, string[] text, string[] unbounded, string[] stored)
    {
        var rules = new Dictionary<string, (string Name, MemberRule Rule)>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in known) rules.Add(name, (name, MemberRule.Known));
        foreach (var name in text) rules.Add(name, (name, MemberRule.Text));
        foreach (var name in unbounded) rules.Add(name, (name, MemberRule.Unbounded));
        foreach (var name in stored) rules.Add(name, (name, MemberRule.Stored));
        foreach (var name in UnpricedMembers.Reasons.Keys) rules.TryAdd(name, (name, MemberRule.Unpriced));
        return rules.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
