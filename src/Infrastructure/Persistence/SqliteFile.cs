using System.Runtime.InteropServices;
using AiGateway.Infrastructure.Ledger;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// Watches whether the database file that is open is still the one at its path. When it is deleted, moved or replaced, or its
/// write-ahead log is, SQLite goes on in what nobody will find again; and a new file beside the log of the old one would
/// take over its pages. A connection of its own keeps both files open, so that they can be compared with what is at their
/// paths, and so that the log can be written back to the file it belongs to before another file is opened.
/// </summary>
/// <remarks>Windows lets nobody take away a file that is open; there SQLite does not know the question, and the answer is no.</remarks>
internal sealed partial class SqliteFile(DatabaseSettings settings) : IDisposable
{
    private const int ReadOnly = 8;
    private const int ReadOnlyMoved = 1032;
    private const int HasMovedQuestion = 20;
    private const string Main = "main";

    private readonly Lock _gate = new();
    private SqliteConnection? _watched;
    private string _log = "";

    /// <summary>Reaches the file, and does not make an empty one where it is missing.</summary>
    public string ConnectionString => ToExisting(settings.ConnectionString);

    /// <summary>
    /// Makes the file where it is missing: only a migration may. Its owner alone may read it, and SQLite gives its log and
    /// index files the same mode. The mode of a file that is there is its operator's affair.
    /// </summary>
    public void Make()
    {
        if (PlainPath() is { } path && !File.Exists(path)) MakePrivate(path);
        using var connection = new SqliteConnection(settings.ConnectionString);
        connection.Open();
    }

    /// <summary>
    /// Fails if the file that is watched, or its log, is no longer at its path. Where it succeeds after a commit, the commit is
    /// in the file that the next start will find.
    /// </summary>
    public void Check()
    {
        lock (_gate)
        {
            if (_watched is { } watched && IsGone(watched)) throw Moved();
        }
    }

    /// <summary>
    /// Watches the file at the path from now on. It belongs to the ledger's writer, while it has no connection of its own open:
    /// until it is called after a failed <see cref="Check"/>, nobody opens the file that came instead.
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

    /// <summary>A log that is not empty would spoil the file that the next start finds beside it.</summary>
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
                // Somebody still uses it, or it cannot be written; there is nobody left to try again.
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
            // Another process was faster, or nobody may make it: SQLite then says so in its own words.
        }
    }

    private static string ToExisting(string connectionString)
    {
        var text = new SqliteConnectionStringBuilder(connectionString);
        if (text.Mode == SqliteOpenMode.ReadWriteCreate) text.Mode = SqliteOpenMode.ReadWrite;
        return text.ToString();
    }

    /// <summary>Opens the log: from now on, as long as this connection lives, nobody but a stranger takes it away.</summary>
    private static void Prepare(SqliteConnection connection)
    {
        // SQLite opens for reading what it may not write, and an empty log could not be had from that.
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
