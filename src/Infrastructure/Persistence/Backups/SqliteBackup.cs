using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.Data.Sqlite;

namespace AiGateway.Infrastructure.Persistence.Backups;

/// <summary>Copies a SQLite database to a file, and puts such a copy in its place.</summary>
public static class SqliteBackup
{
    private const string Sound = "ok";

    // Another connection may write for a moment.
    private const int BusySeconds = 30;

    /// <summary>Writes the state of one moment to a new file, while gateways read and write.</summary>
    /// <param name="settings">The database; of kind SQLite.</param>
    /// <param name="path">A file that does not exist yet. Only its owner may read it.</param>
    /// <exception cref="IOException">The file exists or cannot be written; nothing of it is left.</exception>
    /// <exception cref="SqliteException">The database cannot be read or the disk is full; nothing of the file is left.</exception>
    public static void Write(DatabaseSettings settings, string path)
    {
        using var source = Open(new SqliteFile(settings).ConnectionString);

        // An empty file is accepted by the statement below, and has its mode before anything is in it.
        PrivateFile.CreateNew(path, bufferSize: 0).Dispose();
        try
        {
            using var command = source.CreateCommand();
            command.CommandTimeout = 0;
            command.CommandText = "VACUUM INTO $path";
            command.Parameters.AddWithValue("$path", Path.GetFullPath(path));
            command.ExecuteNonQuery();
            Check(path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Puts a copy in the place of the database. The database that is there is kept beside it.</summary>
    /// <param name="settings">The database; of kind SQLite.</param>
    /// <param name="path">The copy; it stays as it is.</param>
    /// <returns>Where the former database is now; null: there was none.</returns>
    /// <exception cref="IOException">The copy is no sound database of a gateway, or a program still uses the database.</exception>
    public static string? Restore(DatabaseSettings settings, string path)
    {
        var target = Path.GetFullPath(new SqliteConnectionStringBuilder(settings.ConnectionString).DataSource);
        var incoming = $"{target}.restored";
        using var original = File.OpenRead(path);
        var copy = PrivateFile.CreateNew(incoming, bufferSize: 0);
        try
        {
            using (copy) original.CopyTo(copy);
            Check(incoming);
            var former = SetAside(settings, target);
            File.Move(incoming, target);
            return former;
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    private static string? SetAside(DatabaseSettings settings, string target)
    {
        if (!File.Exists(target)) return null;
        var former = $"{target}.before-restore";
        if (File.Exists(former)) throw new IOException($"The file {former} of an earlier restore is still there. Move it away first.");
        CloseLog(settings);
        File.Move(target, former);
        return former;
    }

    /// <summary>Writes the log back and removes it, which SQLite does only when no other connection is open.</summary>
    private static void CloseLog(DatabaseSettings settings)
    {
        try
        {
            using var connection = Open(new SqliteFile(settings).ConnectionString);
            using var command = connection.CreateCommand();
            command.CommandTimeout = 1;
            command.CommandText = "PRAGMA journal_mode=DELETE";
            command.ExecuteNonQuery();
        }
        catch (SqliteException inUse)
        {
            throw new IOException("A program still uses the database, or it cannot be read. Stop the gateway first. Nothing was changed.", inUse);
        }
    }

    private static void Check(string path)
    {
        using var connection = Open(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString());
        try
        {
            if (Read(connection, "PRAGMA quick_check(1)") != Sound) throw new IOException($"The file {path} is damaged.");
            Read(connection, """SELECT max("MigrationId") FROM "__EFMigrationsHistory" """);
        }
        catch (SqliteException refusal)
        {
            throw new IOException($"The file {path} is not a database of a gateway: {refusal.Message}", refusal);
        }
    }

    private static string? Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as string;
    }

    private static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        connection.Open();
        return connection;
    }
}
