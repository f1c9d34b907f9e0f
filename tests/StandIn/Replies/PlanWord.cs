using System.Globalization;

namespace AiGateway.StandIn.Replies;

/// <summary>
/// Reads a plan from the first word of a text, such as <c>fault:status=429;retry-after=2 Hello</c> or <c>chunks=50;gap-ms=20</c>. A first
/// word that is not a plan is ordinary text.
/// </summary>
public static class PlanWord
{
    private const string Prefix = "fault:";

    /// <summary>The plan, and the text without it.</summary>
    /// <param name="text">The last user message.</param>
    public static (ReplyPlan Plan, string Text) Read(string? text)
    {
        if (text is null) return (ReplyPlan.Good, "");
        var end = text.AsSpan().IndexOfAny(" \n\t");
        var word = end < 0 ? text : text[..end];
        var isMarked = word.StartsWith(Prefix, StringComparison.Ordinal);
        if (!isMarked && !word.Contains('=', StringComparison.Ordinal)) return (ReplyPlan.Good, text);
        ReplyPlan? plan = ReplyPlan.Good;
        foreach (var part in (isMarked ? word[Prefix.Length..] : word).Split(';'))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            plan = Apply(plan, at < 0 ? part : part[..at], at < 0 ? "" : part[(at + 1)..]);
            if (plan is null) return (ReplyPlan.Good, text);
        }

        return (plan, end < 0 ? "" : text[(end + 1)..]);
    }

    private static ReplyPlan? Apply(ReplyPlan plan, string name, string value) => (name, Number(value)) switch
    {
        ("html", _) => plan with { Html = true },
        ("malformed", _) => plan with { Malformed = true },
        ("drop", _) => plan with { Drop = true },
        ("hang", _) => plan with { Hang = true },
        ("no-done", _) => plan with { NoDone = true },
        ("no-usage", _) => plan with { NoUsage = true },
        ("retry-after", _) => plan with { RetryAfter = value },
        ("retry-after-ms", _) => plan with { RetryAfterMs = value },
        ("type", _) => plan with { ErrorType = value },
        ("code", _) => plan with { ErrorCode = value },
        ("usage", _) => WithUsage(plan, value),
        ("status", { } number) => plan with { Status = number },
        ("wait-ms", { } number) => plan with { Wait = TimeSpan.FromMilliseconds(number) },
        ("gap-ms", { } number) => plan with { Gap = TimeSpan.FromMilliseconds(number) },
        ("chunks", { } number) => plan with { Chunks = number },
        ("chunk-length", { } number) => plan with { ChunkLength = number },
        ("tool-calls", { } number) => plan with { ToolCalls = number },
        ("tool-turns", { } number) => plan with { ToolTurns = number },
        ("cut-after", { } number) => plan with { CutAfter = number },
        ("cut-mid", { } number) => plan with { CutMid = number },
        ("stall-after", { } number) => plan with { StallAfter = number },
        ("error-event-after", { } number) => plan with { ErrorEventAfter = number },
        ("end-after", { } number) => plan with { EndAfter = number },
        ("cached", { } number) => plan with { CachedTokens = number },
        ("reasoning", { } number) => plan with { ReasoningTokens = number },
        _ => null,
    };

    private static ReplyPlan? WithUsage(ReplyPlan plan, string value)
    {
        var parts = value.Split(':');
        return parts.Length == 2 && Number(parts[0]) is { } prompt && Number(parts[1]) is { } completion
            ? plan with { PromptTokens = prompt, CompletionTokens = completion }
            : null;
    }

    private static int? Number(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
