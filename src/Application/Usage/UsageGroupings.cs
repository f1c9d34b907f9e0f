using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AiGateway.Application.Usage;

/// <summary>The groupings of a report, as text.</summary>
public static class UsageGroupings
{
    /// <summary>Most groupings of one report.</summary>
    public const int Most = 4;

    /// <summary>Those by which past days are summed, so a report by one of them need not read the records.</summary>
    public static readonly IReadOnlyList<UsageGrouping> SummedByDay =
        [UsageGrouping.User, UsageGrouping.Model, UsageGrouping.Provider, UsageGrouping.Key, UsageGrouping.Day];

    private static readonly Dictionary<string, UsageGrouping> ByName =
        Enum.GetValues<UsageGrouping>().ToDictionary(NameOf, StringComparer.OrdinalIgnoreCase);

    /// <summary>The name of every grouping.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The name of a grouping, such as <c>endUser</c>.</summary>
    public static string NameOf(UsageGrouping grouping) => JsonNamingPolicy.CamelCase.ConvertName(grouping.ToString());

    /// <summary>Reads names separated by commas; the case does not matter.</summary>
    /// <returns>False when one is unknown or given twice, or when there are none or too many.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out IReadOnlyList<UsageGrouping>? groupings)
    {
        groupings = null;
        var names = text?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        var read = new List<UsageGrouping>();
        foreach (var name in names)
        {
            if (!ByName.TryGetValue(name, out var grouping) || read.Contains(grouping)) return false;
            read.Add(grouping);
        }

        if (read.Count is 0 or > Most) return false;
        groupings = read;
        return true;
    }
}
