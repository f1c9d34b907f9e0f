using System.Data.Common;
using AiGateway.Infrastructure.Persistence;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>Reads the database settings.</summary>
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
        var ledger = reader.Text(KnownSettings.LedgerConnectionString);
        if (ledger is not null && kind != DatabaseKind.Postgres)
            reader.Fault(KnownSettings.LedgerConnectionString, $"has no meaning for {kind}; leave it out");
        else if (ledger is not null && !IsConnectionString(kind, ledger))
            reader.Fault(KnownSettings.LedgerConnectionString, $"is not a connection string for {kind}");
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
            LedgerConnectionString = ledger,
            MigrateAtStart = reader.Flag(KnownSettings.MigrateAtStart),
        };
    }

    /// <summary>Whether the driver accepts the connection string, and it names a server or a file.</summary>
    private static bool IsConnectionString(DatabaseKind kind, string text)
    {
        try
        {
            using DbConnection connection = kind switch
            {
                DatabaseKind.SqlServer => new SqlConnection(text),
                DatabaseKind.Postgres => new NpgsqlConnection(text),
                _ => new SqliteConnection(text),
            };
            return connection.DataSource.Length > 0;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidOperationException
            or KeyNotFoundException or OverflowException)
        {
            // Not shown: the driver's message may quote a part of the text, which contains a password.
            return false;
        }
    }
}
