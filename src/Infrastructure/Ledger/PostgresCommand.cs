using Npgsql;
using NpgsqlTypes;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>
/// One prepared statement that is sent in batches with others. Its columns are reused lists that are filled for each batch
/// and sent as arrays; nothing is allocated per row.
/// </summary>
internal sealed class PostgresCommand(string sql)
{
    private readonly List<Action> _clear = [];
    private readonly List<Action> _bind = [];

    public NpgsqlBatchCommand Batched { get; } = new(sql);

    /// <summary>Adds the next parameter: an array with an element of this type for each row.</summary>
    public List<T> AddColumn<T>(NpgsqlDbType element)
    {
        var column = new List<T>();
        var parameter = new NpgsqlParameter<List<T>> { NpgsqlDbType = NpgsqlDbType.Array | element, TypedValue = column };
        Batched.Parameters.Add(parameter);
        _clear.Add(column.Clear);

        // The driver caches the size of a value until it is set again.
        _bind.Add(() => parameter.TypedValue = column);
        return column;
    }

    /// <summary>Adds the next parameter: the same value for all rows.</summary>
    public NpgsqlParameter<T> AddValue<T>(NpgsqlDbType type)
    {
        var parameter = new NpgsqlParameter<T> { NpgsqlDbType = type, TypedValue = default };
        Batched.Parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Empties the columns.</summary>
    public void Clear()
    {
        foreach (var clear in _clear) clear();
    }

    /// <summary>The columns are filled.</summary>
    public void Bind()
    {
        foreach (var bind in _bind) bind();
    }
}
