namespace AiGateway.Infrastructure.Persistence.Engines;

/// <summary>
/// The clock of a database that several gateways share, as an SQL expression: nanoseconds since 1970. A SQLite file is for one
/// gateway, whose own clock is used.
/// </summary>
internal static class DatabaseClock
{
    public const string Postgres = "(extract(epoch FROM clock_timestamp()) * 1000000000)::bigint";

    public const string SqlServer = "DATEDIFF_BIG(NANOSECOND, '19700101', SYSUTCDATETIME())";
}
