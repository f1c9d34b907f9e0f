namespace AiGateway.Infrastructure.Persistence;

/// <summary>The database of the gateway.</summary>
public sealed record DatabaseSettings
{
    /// <summary>The database engine (<c>Database:Provider</c>, default Sqlite).</summary>
    public DatabaseKind Kind { get; init; } = DatabaseKind.Sqlite;

    /// <summary>
    /// The connection string (<c>ConnectionStrings:Gateway</c>, default a file aigateway.db in the working directory).
    /// </summary>
    public string ConnectionString { get; init; } = "Data Source=aigateway.db";

    /// <summary>
    /// The connection string of the ledger and of migrations in PostgreSQL (<c>ConnectionStrings:Ledger</c>): they need a
    /// session of their own, which a pooler in transaction mode does not give. Null: as <see cref="ConnectionString"/>.
    /// </summary>
    public string? LedgerConnectionString { get; init; }

    /// <summary>Whether the schema is updated at start (<c>Database:MigrateAtStart</c>, default true).</summary>
    public bool MigrateAtStart { get; init; } = true;

    /// <summary>Omits the members, which may contain a password.</summary>
    public override string ToString() => nameof(DatabaseSettings);
}

/// <summary>The database engines.</summary>
public enum DatabaseKind
{
    /// <summary>One file, embedded; for one gateway process.</summary>
    Sqlite,

    /// <summary>Microsoft SQL Server.</summary>
    SqlServer,

    /// <summary>PostgreSQL.</summary>
    Postgres,
}
