using System.Runtime.InteropServices;
using AiGateway.Infrastructure.Ledger;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// Checks that the open database file is still the one at its path. When the file or its write-ahead log is deleted, moved
/// or replaced, SQLite keeps writing to files that no restart finds. A new file beside the old log would also take over its
/// pages. A separate connection keeps both files open: they can be compared with the files at their paths, and the log can
/// be written back before another file is opened.
/// </summary>
/// <remarks>
/// Windows does not allow removing an open file. There SQLite does not support the check, and the result is "unchanged".
/// </remarks>
internal sealed partial class SqliteFile(DatabaseSettings settings) : IDisposable
{
    private const int ReadOnly = 8;
    private const int ReadOnlyMoved = 1032;
    private const int HasMovedQuestion = 20;
    private const string Main = "main";

    private readonly Lock _gate = new();
    private SqliteConnection? _watched;
    private string _log = "";

    /// <summary>Opens an existing file and never creates an empty one.</summary>
    public string ConnectionString => ToExisting(settings.ConnectionString);

    /// <summary>
    /// Creates a missing file, which only a migration may do. Only its owner may read it, and SQLite gives its log and index
    /// files the same mode. The mode of an existing file is not changed.
    /// </summary>
    public void Make()
    {
        if (PlainPath() is { } path && !File.Exists(path)) MakePrivate(path);
        using var connection = new SqliteConnection(settings.ConnectionString);
        connection.Open();
    }

    /// <summary>
    /// Fails if the watched file, or its log, is no longer at its path. After a successful check behind a commit, the commit
    /// is in the file that the next start finds.
    /// </summary>
    public void Check()
    {
        lock (_gate)
        {
            if (_watched is { } watched && IsGone(watched)) throw Moved();
        }
    }

    /// <summary>
    /// Starts watching the file at the path. Only the ledger's writer calls this, while it has no open connection of its
    /// own. After a failed <see cref="Check"/>, no other file is opened before this call.
    /// </summary>
    public void Watch()
    {
        lock (_gate)
        {
            if (_watched is { } watched)
            {
                if (!IsGone(watched)) return;
                EmptyLog(watched);
                Forget();
            }

            var connection = new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
            try
            {
                connection.Open();
                Prepare(connection);
            }
            catch
            {
                connection.Dispose();
                throw;
            }

            SqliteConnection.ClearAllPools();
            (_watched, _log) = (connection, $"{raw.sqlite3_db_filename(connection.Handle!, Main).utf8_to_string()}-wal");
        }
    }

    /// <summary>A log with content would corrupt the file that the next start finds beside it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_watched is not { } watched) return;
            try
            {
                if (IsGone(watched)) EmptyLog(watched);
            }
            catch (SqliteException)
            {
                // The file is still in use, or cannot be written; there is no later retry.
            }

            Forget();
        }
    }

    /// <summary>Null where the connection string names no file, or names it in a form that only SQLite reads (<c>file:...</c>).</summary>
    private string? PlainPath()
    {
        var text = new SqliteConnectionStringBuilder(settings.ConnectionString);
        var isPlain = text.Mode == SqliteOpenMode.ReadWriteCreate
            && text.DataSource is { Length: > 0 } source
            && source != ":memory:"
            && source[0] != '|'
            && !source.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        return isPlain ? text.DataSource : null;
    }

    private static void MakePrivate(string path)
    {
        try
        {
            PrivateFile.CreateNew(path, bufferSize: 0).Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another process was faster, or the file cannot be created; SQLite then reports its own error.
        }
    }

    private static string ToExisting(string connectionString)
    {
        var text = new SqliteConnectionStringBuilder(connectionString);
        if (text.Mode == SqliteOpenMode.ReadWriteCreate) text.Mode = SqliteOpenMode.ReadWrite;
        return text.ToString();
    }

    /// <summary>Opens the log. As long as this connection lives, SQLite does not remove the log.</summary>
    private static void Prepare(SqliteConnection connection)
    {
        // SQLite opens a write-protected file for reading, and then cannot create an empty log.
        if (raw.sqlite3_db_readonly(connection.Handle!, Main) != 0)
            throw new SqliteException("The database file is read-only.", ReadOnly);
        foreach (var sql in new[] { "PRAGMA journal_mode=WAL", "SELECT count(*) FROM sqlite_master" })
        {
            using var statement = new SqliteStatement(connection.Handle!, sql);
            statement.Run();
        }
    }

    private static void EmptyLog(SqliteConnection connection)
    {
        SqliteConnection.ClearAllPools();
        using var statement = new SqliteStatement(connection.Handle!, "PRAGMA wal_checkpoint(TRUNCATE)");
        statement.Step();
        if (statement.ReadInteger(0) != 0)
            throw new SqliteException("The database file is gone, and a connection still reads it. No other file is opened until that connection closes.", ReadOnly, ReadOnlyMoved);
    }

    private static SqliteException Moved() => new(
        "The database file, or its write-ahead log, was deleted, moved or replaced while the gateway ran.", ReadOnly, ReadOnlyMoved);

    private void Forget()
    {
        _watched!.Dispose();
        _watched = null;
    }

    private bool IsGone(SqliteConnection watched)
    {
        Ask(watched.Handle!, Main, HasMovedQuestion, out var hasMoved);
        return hasMoved != 0 || !File.Exists(_log);
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(sqlite3 database, string name, int question, out int answer);
}
