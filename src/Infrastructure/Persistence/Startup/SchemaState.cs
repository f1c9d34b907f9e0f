using System.Data.Common;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace AiGateway.Infrastructure.Persistence.Startup;

/// <summary>What a database holds, compared with what this version needs.</summary>
/// <param name="Exists">Whether the database exists.</param>
/// <param name="Needed">Number of migrations of this version.</param>
/// <param name="Missing">Number of migrations that the database does not have yet.</param>
/// <param name="Unknown">Number of migrations in the database that this version does not know: a later version made them.</param>
/// <param name="Problem">What keeps the gateway from writing; null: nothing that a look shows.</param>
public sealed record SchemaState(bool Exists, int Needed, int Missing, int Unknown, string? Problem = null)
{
    private const int SqliteError = 1;
    private const int SqliteCannotOpen = 14;
    private const int SqlServerNoSuchTable = 208;
    private const int SqlServerNoSuchDatabase = 4060;

    /// <summary>Looks at a database and changes nothing.</summary>
    /// <param name="settings">How to reach the database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DbException">The database does not answer, or refuses the account.</exception>
    public static async Task<SchemaState> LookAsync(DatabaseSettings settings, CancellationToken cancellationToken)
    {
        var needed = SchemaCheck.MigrationsOf(settings.Kind);
        await using var connection = Connect(settings);
        try
        {
            await connection.OpenAsync(cancellationToken);
        }
        catch (DbException failure) when (IsMissing(failure))
        {
            var problem = connection is SqliteConnection file ? ProblemOfNewFile(file.DataSource) : null;
            return new SchemaState(Exists: false, needed.Count, needed.Count, Unknown: 0, problem);
        }

        var applied = await AppliedAsync(connection, cancellationToken);
        return new SchemaState(
            Exists: true,
            needed.Count,
            needed.Except(applied, StringComparer.Ordinal).Count(),
            applied.Except(needed, StringComparer.Ordinal).Count(),
            connection is SqliteConnection opened && raw.sqlite3_db_readonly(opened.Handle!, "main") != 0 ? "The database file is read-only for this process." : null);
    }

    private static DbConnection Connect(DatabaseSettings settings) => settings.Kind switch
    {
        DatabaseKind.SqlServer => new SqlConnection(settings.ConnectionString),
        DatabaseKind.Postgres => new NpgsqlConnection(settings.ConnectionString),
        _ => new SqliteConnection(new SqliteFile(settings).ConnectionString),
    };

    private static bool IsMissing(DbException failure) => failure switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.InvalidCatalogName,
        SqlException server => server.Number == SqlServerNoSuchDatabase,
        SqliteException file => file.SqliteErrorCode == SqliteCannotOpen,
        _ => false,
    };

    private static async Task<IReadOnlyList<string>> AppliedAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = """SELECT "MigrationId" FROM "__EFMigrationsHistory" """;
        try
        {
            var applied = new List<string>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken)) applied.Add(rows.GetString(0));
            return applied;
        }
        catch (DbException refusal) when (IsWithoutTable(refusal))
        {
            return [];
        }
    }

    private static bool IsWithoutTable(DbException refusal) => refusal switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UndefinedTable,
        SqlException server => server.Number == SqlServerNoSuchTable,
        SqliteException file => file.SqliteErrorCode == SqliteError,
        _ => false,
    };

    /// <summary>Makes and removes a file beside the future one: only this shows that the process may write there.</summary>
    private static string? ProblemOfNewFile(string path)
    {
        try
        {
            var probe = $"{Path.GetFullPath(path)}.check";
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return "The folder of the database file does not exist.";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "This process may not write in the folder of the database file.";
        }
    }
}
