using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AiGateway.Domain;
using FluentValidation;

namespace AiGateway.Application.Usage;

/// <summary>A page of usage records.</summary>
/// <param name="Records">Which records.</param>
/// <param name="Before">Only records older than this one: the end of the previous page; null: from the newest.</param>
/// <param name="Limit">Most records to return.</param>
public sealed record UsageFilter(UsageSelection Records, UsageCursor? Before, int Limit);

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

internal static class UsagePages
{
    /// <summary>Usage records, newest first.</summary>
    public static async Task<Page<UsageRecord, string>> ReadPageAsync(
        this IUsageReports reports, UsageSelection records, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var before = UsageCursor.TryParse(cursor, out var end) ? end : null;
        var read = await reports.ListAsync(new UsageFilter(records, before, limit + 1), cancellationToken);
        return Page.Of(read, limit, record => new UsageCursor(record.CreatedAt, record.Id).ToString());
    }

    /// <summary>A cursor, or null.</summary>
    public static IRuleBuilderOptions<T, string?> IsUsageCursor<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(cursor => cursor is null || UsageCursor.TryParse(cursor, out _)).WithMessage("is not a cursor that this endpoint returned");
}
