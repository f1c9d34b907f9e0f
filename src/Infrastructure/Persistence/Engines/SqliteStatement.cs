using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AiGateway.Infrastructure.Persistence.Engines;

/// <summary>
/// One statement of the SQLite ledger, compiled once and run often. It calls SQLite directly, because the ADO.NET client
/// spends more on each run than SQLite does. It belongs to the writer's thread.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int LongestText = 1024;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly byte[] _text = new byte[LongestText];

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public void Bind(int position, long value) => Check(raw.sqlite3_bind_int64(_statement, position, value));

    public void Bind(int position, long? value)
    {
        if (value is { } number) Bind(position, number);
        else Check(raw.sqlite3_bind_null(_statement, position));
    }

    public void Bind(int position, Guid? value)
    {
        if (value is { } id) Bind(position, id);
        else Check(raw.sqlite3_bind_null(_statement, position));
    }

    /// <summary>In the format of the mapped contexts: 36 characters in upper case.</summary>
    public void Bind(int position, Guid value)
    {
        Span<byte> text = stackalloc byte[36];
        value.TryFormat(text, out _);
        Ascii.ToUpperInPlace(text, out _);
        Check(raw.sqlite3_bind_text(_statement, position, text));
    }

    public void Bind(int position, string? value)
    {
        if (value is null) Check(raw.sqlite3_bind_null(_statement, position));
        else if (Encoding.UTF8.TryGetBytes(value, _text, out var length)) Check(raw.sqlite3_bind_text(_statement, position, _text.AsSpan(0, length)));
        else Check(raw.sqlite3_bind_text(_statement, position, value));
    }

    /// <summary>Runs to the end.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
                // A pragma may return rows.
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>True when a row can be read. After the last row the statement must be reset.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW) return true;
        if (code != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(code, _database);
        return false;
    }

    /// <summary>Resets it for another run; bound values stay.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public long ReadInteger(int column) => raw.sqlite3_column_int64(_statement, column);

    public long? ReadIntegerOrNull(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL ? null : ReadInteger(column);

    public Guid ReadId(int column) => Guid.Parse(raw.sqlite3_column_blob(_statement, column));

    public Guid? ReadIdOrNull(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL ? null : ReadId(column);

    public string? ReadText(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL ? null : Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column));

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, _database);
    }
}
