using AiGateway.Testing;

namespace AiGateway.SideBySide.Targets;

/// <summary>The database of a gateway's ledger.</summary>
/// <param name="Provider">The setting <c>Database__Provider</c>.</param>
/// <param name="ConnectionString">The setting <c>ConnectionStrings__Gateway</c>.</param>
internal sealed record Store(string Provider, string ConnectionString)
{
    /// <summary>A SQLite file that the first gateway creates.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="name">Its name without extension.</param>
    public static Store OnSqlite(string folder, string name) => new("Sqlite", $"Data Source={Path.Combine(folder, $"{name}.db")}");

    /// <summary>A new database of this server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="name">The name of the database.</param>
    public static async Task<Store> OnPostgresAsync(PostgresServer server, string name)
    {
        await server.CreateDatabaseAsync(name);
        return new Store("Postgres", server.ConnectionString(name));
    }
}
