using System.Data.Common;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AiGateway.Reports;

/// <summary>Writes a year of usage records into a migrated, empty database, in the engine's fastest way.</summary>
internal static class Fill
{
    private const int RowsACommit = 100_000;

    private static readonly string[] UserColumns = ["id", "name", "disabled", "created_at"];
    private static readonly string[] KeyColumns = ["id", "user_id", "name", "prefix", "hash", "scopes", "created_at"];
    private static readonly string[] CounterColumns = ["user_id", "kind", "start", "requests", "settled_nano_usd", "held_nano_usd"];
    private static readonly string[] RowColumns =
    [
        "id", "user_id", "api_key_id", "created_at", "day", "month", "operation", "requested_model", "model", "provider", "streamed",
        "status", "usage_source", "prompt_tokens", "completion_tokens", "cached_prompt_tokens", "cache_write_tokens",
        "reasoning_tokens", "held_nano_usd", "cost_nano_usd", "price_version", "error_code", "latency_ms", "lease_expires_at",
    ];

    public static async Task RunAsync(DatabaseSettings database, Year year)
    {
        await using DbConnection connection = database.Kind == DatabaseKind.Postgres
            ? new NpgsqlConnection(database.ConnectionString)
            : new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync();
        Func<string, string[], IEnumerable<object?[]>, Task> write = connection is NpgsqlConnection postgres
            ? (table, columns, rows) => CopyAsync(postgres, table, columns, rows)
            : (table, columns, rows) => InsertAsync((SqliteConnection)connection, table, columns, rows);

        var created = year.Start.ToUnixTimeMilliseconds();
        await write("users", UserColumns, year.UserIds.Select((id, i) => (object?[])[id, $"user {i}", false, created]));
        await write("api_keys", KeyColumns, year.KeyIds.Select((id, i) =>
            (object?[])[id, year.UserIds[i / Year.KeysAUser], "key", "agw_", ToHash(i), Scopes.Generate, created]));
        await write("usage_records", RowColumns, year.Rows().Select(ToValues));
        await write("quota_counters", CounterColumns, year.Counters.Select(each => (object?[])
            [each.Key.User, (int)each.Key.Period.Kind, ToNumber(each.Key.Period.Start), each.Value.Requests, each.Value.Settled, each.Value.Held]));

        // A database that grew over a year has done this by itself.
        await ExecuteAsync(connection, connection is NpgsqlConnection ? "VACUUM ANALYZE" : "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, string[] columns, IEnumerable<object?[]> rows)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {table} ({string.Join(", ", columns)}) FROM STDIN (FORMAT BINARY)");

        // Foreign keys are checked at the end of the copy.
        copy.Timeout = TimeSpan.FromHours(1);
        foreach (var row in rows)
        {
            await copy.StartRowAsync();
            foreach (var value in row)
            {
                if (value is null) await copy.WriteNullAsync();
                else await copy.WriteAsync(value);
            }
        }

        await copy.CompleteAsync();
    }

    private static async Task InsertAsync(SqliteConnection connection, string table, string[] columns, IEnumerable<object?[]> rows)
    {
        await ExecuteAsync(connection, "PRAGMA synchronous = OFF");
        foreach (var part in rows.Chunk(RowsACommit))
        {
            await using var transaction = connection.BeginTransaction();
            await using var command = connection.CreateCommand();
            command.CommandText = $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(name => $"@{name}"))})";
            foreach (var name in columns) command.Parameters.Add(new SqliteParameter { ParameterName = $"@{name}" });
            foreach (var row in part)
            {
                for (var i = 0; i < row.Length; i++) command.Parameters[i].Value = row[i] ?? DBNull.Value;
                await command.ExecuteNonQueryAsync();
            }

            await transaction.CommitAsync();
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    private static object?[] ToValues(UsageRecord row) =>
    [
        row.Id, row.UserId, row.ApiKeyId, row.CreatedAt.ToUnixTimeMilliseconds(), ToNumber(row.Day), ToNumber(row.Month), (int)row.Operation,
        row.RequestedModel, row.Model, row.Provider, row.Streamed, (int)row.Status, (int)row.UsageSource, row.PromptTokens, row.CompletionTokens,
        row.CachedPromptTokens, row.CacheWriteTokens, row.ReasoningTokens, row.HeldNanoUsd, row.CostNanoUsd, row.PriceVersion, row.ErrorCode,
        row.LatencyMs, row.LeaseExpiresAt.ToUnixTimeMilliseconds(),
    ];

    private static byte[] ToHash(int number)
    {
        var hash = new byte[32];
        BitConverter.TryWriteBytes(hash, number);
        return hash;
    }

    private static int ToNumber(DateOnly day) => (day.Year * 10_000) + (day.Month * 100) + day.Day;
}
