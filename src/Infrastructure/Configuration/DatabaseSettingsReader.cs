using System.Data.Common;
using AiGateway.Infrastructure.Persistence;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>Reads where the books are kept.</summary>
internal static class DatabaseSettingsReader
{
    public static DatabaseSettings Read(SettingReader reader)
    {
        var kind = reader.Choice<DatabaseKind>(KnownSettings.DatabaseProvider);
        var connectionString = reader.Text(KnownSettings.ConnectionString)!;
        if (kind != DatabaseKind.Sqlite && !reader.IsSet(KnownSettings.ConnectionString))
            reader.Fault(KnownSettings.ConnectionString, $"is required for {kind}");
        else if (!IsConnectionString(kind, connectionString))
            reader.Fault(KnownSettings.ConnectionString, $"is not a connection string for {kind}");
        if (kind == DatabaseKind.SqlServer && Cultures.AreMissing)
        {
            reader.Fault(
                KnownSettings.DatabaseProvider,
                "SqlServer needs the ICU libraries; install them and do not set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT");
        }

        return new DatabaseSettings
        {
            Kind = kind,
            ConnectionString = connectionString,
            MigrateAtStart = reader.Flag(KnownSettings.MigrateAtStart),
        };
    }

    private static bool IsConnectionString(DatabaseKind kind, string text)
    {
        DbConnectionStringBuilder builder = kind switch
        {
            DatabaseKind.SqlServer => new SqlConnectionStringBuilder(),
            DatabaseKind.Postgres => new NpgsqlConnectionStringBuilder(),
            _ => new SqliteConnectionStringBuilder(),
        };
        try
        {
            builder.ConnectionString = text;
            return true;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or KeyNotFoundException or OverflowException)
        {
            // Not passed on: the driver's message may quote a part of the text, which holds a password.
            return false;
        }
    }
}
