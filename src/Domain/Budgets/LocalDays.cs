namespace AiGateway.Domain;

/// <summary>Days of a time zone.</summary>
public static class LocalDays
{
    /// <summary>The zone of users, keys, and scopes without one.</summary>
    public const string Utc = "UTC";

    /// <summary>Whether the machine knows this IANA time zone.</summary>
    public static bool IsZone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;

    /// <summary>The day of an instant in a time zone.</summary>
    public static DateOnly DayOf(DateTimeOffset at, string zone) => zone == Utc
        ? DateOnly.FromDateTime(at.UtcDateTime)
        : DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);

    /// <summary>The first instant of a day. Where the clock skips midnight, it is the instant of the change.</summary>
    public static DateTimeOffset BeginningOf(DateOnly day, string zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        if (zone == Utc) return new(midnight, TimeSpan.Zero);
        var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        if (info.IsInvalidTime(midnight)) return new(midnight, info.GetUtcOffset(midnight.AddDays(-1)));
        var offset = info.IsAmbiguousTime(midnight) ? info.GetAmbiguousTimeOffsets(midnight).Max() : info.GetUtcOffset(midnight);
        return new(midnight, offset);
    }
}
