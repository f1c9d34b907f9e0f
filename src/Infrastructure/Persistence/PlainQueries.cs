using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// Queries and statements in SQL that all engines understand. The start and the first request use nothing else: Entity Framework takes half
/// a second before its first query.
/// </summary>
internal static class PlainQueries
{
    /// <summary>Reads all rows of a query.</summary>
    /// <param name="contexts">The database.</param>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="toRow">Reads one row.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="longest">The longest wait for the answer, in whole seconds; zero: without end; null: as the connection string says.</param>
    public static Task<IReadOnlyList<TRow>> ReadAsync<TRow>(
        this IDbContextFactory<GatewayContext> contexts,
        string sql,
        IReadOnlyList<(string Name, object Value)> parameters,
        Func<DbDataReader, TRow> toRow,
        CancellationToken cancellationToken,
        TimeSpan? longest = null) => contexts.RunAsync<IReadOnlyList<TRow>>(
            sql,
            parameters,
            async (command, attempt) =>
            {
                var all = new List<TRow>();
                await using var rows = await command.ExecuteReaderAsync(attempt);
                while (await rows.ReadAsync(attempt)) all.Add(toRow(rows));
                return all;
            },
            longest,
            cancellationToken);

    /// <summary>Runs a statement in a transaction of its own. SQL Server may run it twice, after a failure that may pass.</summary>
    /// <param name="contexts">The database.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The number of changed rows.</returns>
    public static Task<int> ExecuteAsync(
        this IDbContextFactory<GatewayContext> contexts,
        string sql,
        IReadOnlyList<(string Name, object Value)> parameters,
        CancellationToken cancellationToken) =>
        contexts.RunAsync(sql, parameters, static (command, attempt) => command.ExecuteNonQueryAsync(attempt), longest: null, cancellationToken);

    private static async Task<TResult> RunAsync<TResult>(
        this IDbContextFactory<GatewayContext> contexts,
        string sql,
        IReadOnlyList<(string Name, object Value)> parameters,
        Func<DbCommand, CancellationToken, Task<TResult>> run,
        TimeSpan? longest,
        CancellationToken cancellationToken)
    {
        if ((contexts as GatewayContextFactory)?.TryConnect() is not { } own)
            return await contexts.RunAsync((context, attempt) => RunThroughAsync(context, sql, parameters, run, longest, attempt), cancellationToken);
        await using (own)
        {
            await own.OpenAsync(cancellationToken);
            return await RunAsync(own, sql, parameters, run, longest, cancellationToken);
        }
    }

    private static async Task<TResult> RunThroughAsync<TResult>(
        GatewayContext context,
        string sql,
        IReadOnlyList<(string Name, object Value)> parameters,
        Func<DbCommand, CancellationToken, Task<TResult>> run,
        TimeSpan? longest,
        CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            return await RunAsync(context.Database.GetDbConnection(), sql, parameters, run, longest, cancellationToken);
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }

    private static async Task<TResult> RunAsync<TResult>(
        DbConnection connection,
        string sql,
        IReadOnlyList<(string Name, object Value)> parameters,
        Func<DbCommand, CancellationToken, Task<TResult>> run,
        TimeSpan? longest,
        CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (longest is { } bound) command.CommandTimeout = (int)bound.TotalSeconds;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return await run(command, cancellationToken);
    }

    /// <summary>A text; null: none.</summary>
    public static string? TextOf(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>An instant; null: none.</summary>
    public static DateTimeOffset? InstantOf(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
