using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AiGateway.Application.Usage;

/// <summary>The last record of a page. Records are ordered by time, then by id.</summary>
public sealed record UsageCursor(DateTimeOffset CreatedAt, Guid Id)
{
    private const char Separator = '-';

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out UsageCursor? cursor)
    {
        cursor = null;
        if (text?.IndexOf(Separator, StringComparison.Ordinal) is not ({ } at and > 0)) return false;
        if (!long.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)) return false;
        if (!Guid.TryParseExact(text.AsSpan(at + 1), "N", out var id)) return false;
        if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
        cursor = new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{CreatedAt.ToUnixTimeMilliseconds()}{Separator}{Id:N}";
}
