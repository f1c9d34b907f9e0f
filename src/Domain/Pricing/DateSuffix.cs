using System.Globalization;

namespace AiGateway.Domain;

/// <summary>The date at the end of a name, such as <c>gpt-4o-2024-11-20</c> or <c>web_search_20260318</c>.</summary>
public static class DateSuffix
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyyMMdd", "yyyy_MM_dd"];

    /// <summary>Cuts a real date, and the sign before it, from the end of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="separator">The sign between name and date.</param>
    /// <param name="stem">The name without the date.</param>
    /// <param name="date">The date.</param>
    /// <returns>False for a name without a date.</returns>
    public static bool TryCut(ReadOnlySpan<char> name, char separator, out ReadOnlySpan<char> stem, out DateOnly date)
    {
        foreach (var form in Forms)
        {
            var cut = name.Length - form.Length - 1;
            if (cut > 0
                && name[cut] == separator
                && DateOnly.TryParseExact(name[(cut + 1)..], form, CultureInfo.InvariantCulture, DateTimeStyles.None, out date))
            {
                stem = name[..cut];
                return true;
            }
        }

        stem = default;
        date = default;
        return false;
    }
}
