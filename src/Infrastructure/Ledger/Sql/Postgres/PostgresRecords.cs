using AiGateway.Infrastructure.Ledger.Operations;
using Npgsql;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>Reads the columns of a record, as <see cref="PostgresLedgerStatements"/> returns them.</summary>
internal static class PostgresRecords
{
    /// <param name="rows">At a row.</param>
    /// <param name="first">The place of its first column.</param>
    public static CountedRecord Read(NpgsqlDataReader rows, int first) => new()
    {
        UserId = rows.GetGuid(first),
        Day = rows.GetInt32(first + 1),
        Month = rows.GetInt32(first + 2),
        HeldNanoUsd = rows.GetInt64(first + 3),
        HeldTokens = rows.IsDBNull(first + 4) ? 0 : rows.GetInt64(first + 4),
        At = rows.GetInt64(first + 5),
        ApiKeyId = rows.IsDBNull(first + 6) ? null : rows.GetGuid(first + 6),
        ChargeSetId = rows.IsDBNull(first + 7) ? null : rows.GetGuid(first + 7),
        EndUser = rows.IsDBNull(first + 8) ? null : rows.GetString(first + 8),
        RequestedModel = rows.GetString(first + 9),
    };
}
