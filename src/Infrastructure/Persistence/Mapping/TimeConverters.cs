using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiGateway.Infrastructure.Persistence.Mapping;

/// <summary>Days are stored as the number yyyymmdd, which people can read in the table.</summary>
internal sealed class DayConverter() : ValueConverter<DateOnly, int>(day => ToNumber(day), number => FromNumber(number))
{
    public static int ToNumber(DateOnly day) => (day.Year * 10_000) + (day.Month * 100) + day.Day;

    public static DateOnly FromNumber(int number) => new(number / 10_000, number / 100 % 100, number % 100);
}

/// <summary>Instants are stored as milliseconds since 1970 in UTC.</summary>
internal sealed class InstantConverter() : ValueConverter<DateTimeOffset, long>(
    instant => instant.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
