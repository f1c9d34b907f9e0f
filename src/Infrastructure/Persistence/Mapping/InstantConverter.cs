using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiGateway.Infrastructure.Persistence.Mapping;

/// <summary>Instants are stored as milliseconds since 1970 in UTC.</summary>
internal sealed class InstantConverter() : ValueConverter<DateTimeOffset, long>(
    instant => instant.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
