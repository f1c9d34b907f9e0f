using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AiGateway.Application;
using AiGateway.Application.Requests;

namespace AiGateway.Api.Wires;

/// <summary>Reads the top-level members of a request once. No member reaches the provider unseen.</summary>
internal sealed class MemberReader(WireReader reader, PromptCollector prompt, ToolReader tools, GatewayDefaults defaults)
{
    private const int MaxNameShown = 64;

    /// <summary>
    /// Whether members that the model may read are held by their bytes. This is so for embeddings: such a text is one input,
    /// which is never held above the context window, but a member can contain many.
    /// </summary>
    public bool HoldsByBytes { get; init; }

    public void Read(FrozenDictionary<string, (string Name, MemberRule Rule)> known)
    {
        foreach (var member in reader.Root.EnumerateObject())
        {
            if (!TryFind(known, member, out var found))
                ReadUnknown(member);
            else if (!member.NameEquals(found.Name))
                reader.Blame(Shown(member.Name), $"differs from {found.Name} only in case, and some servers treat the two as one. Write {found.Name}");
            else if (member.Value.ValueKind != JsonValueKind.Null)
                Apply(found.Rule, member);
        }
    }

    private void Apply(MemberRule rule, JsonProperty member)
    {
        switch (rule)
        {
            case MemberRule.Text:
                Hold(member);
                break;
            case MemberRule.Unbounded:
                prompt.AddUnbounded();
                break;
            case MemberRule.Stored:
                reader.Blame(member.Name, "refers to stored content, which only /v1/responses supports. Use that endpoint, or send the content");
                break;
            case MemberRule.Unpriced when AsksForNothing(member) || defaults.AllowedMembers.Contains(member.Name):
                break;
            case MemberRule.Unpriced when tools.Drops && UnpricedMembers.IsProviderTool(member.Name):
                reader.Remove(member.Name);
                tools.NoteDropped(member.Name);
                break;
            case MemberRule.Unpriced:
                reader.Blame(member.Name, $"is refused: {UnpricedMembers.Reasons[member.Name]}. Leave it out, or ask the operator to allow it");
                break;
        }
    }

    // Counted as text: some servers put such members into the prompt.
    private void ReadUnknown(JsonProperty member)
    {
        Hold(member);
        new UnknownMembers(reader, prompt, tools).Look(member, Shown(member.Name));
    }

    private void Hold(JsonProperty member)
    {
        if (HoldsByBytes) prompt.AddBytes(reader.BytesOf(member));
        else prompt.AddRaw(member);
    }

    private static bool AsksForNothing(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.False => true,
        JsonValueKind.Array when member.NameEquals("modalities"u8) => member.Value.EnumerateArray().All(each => each.ValueEqualsText("text"u8)),
        JsonValueKind.Array => member.Value.GetArrayLength() == 0,
        JsonValueKind.Object when member.NameEquals("context_management"u8) => OnlyClears(member.Value),
        _ => false,
    };

    // Such edits leave parts of the conversation out. No other edit is known to be free.
    private static bool OnlyClears(JsonElement management) =>
        management.EnumerateObject().All(member => member.NameEquals("edits"u8))
        && management.Find("edits"u8) is var edits
        && (edits is null || (edits is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(IsClearing)));

    private static bool IsClearing(JsonElement edit) =>
        edit.ValueKind == JsonValueKind.Object && Json.TypeOf(edit) is { } type && type.StartsWith("clear_", StringComparison.Ordinal);

    // Most names are plain ASCII: those are found without making a string.
    private static bool TryFind(
        FrozenDictionary<string, (string Name, MemberRule Rule)> known, JsonProperty member, out (string Name, MemberRule Rule) found)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        if (raw.Length > MaxNameShown || raw.Contains((byte)'\\') || !Ascii.IsValid(raw)) return known.TryGetValue(FoldToAscii(member.Name), out found);
        Span<char> name = stackalloc char[raw.Length];
        Ascii.ToUtf16(raw, name, out _);
        return known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out found);
    }

    // Without regard to case, two letters beyond ASCII equal s and k.
    private static string FoldToAscii(string name) => Ascii.IsValid(name) ? name : name.Replace('\u017F', 's').Replace('\u212A', 'k');

    private static string Shown(string name) => name.Length <= MaxNameShown ? name : name[..MaxNameShown];
}
