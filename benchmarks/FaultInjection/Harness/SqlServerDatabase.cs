using Microsoft.Data.SqlClient;

namespace AiGateway.FaultInjection.Harness;

/// <summary>
/// A new database on the SQL Server of <c>AIGATEWAY_TEST_SQLSERVER</c>, dropped at the end. The account must be allowed to create
/// databases.
/// </summary>
internal sealed class SqlServerDatabase : IAsyncDisposable
{
    /// <summary>The environment variable with a connection string. Its database is only used to connect.</summary>
    public const string Variable = "AIGATEWAY_TEST_SQLSERVER";

    private readonly string _server;
    private readonly string _name;

    private SqlServerDatabase(string server, string name)
    {
        (_server, _name) = (server, name);
        ConnectionString = new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ToString();
    }

    public string ConnectionString { get; }

    /// <summary>Creates one; null when the variable has no connection string.</summary>
    public static async Task<SqlServerDatabase?> TryCreateAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } server) return null;
        var database = new SqlServerDatabase(server, $"scenario_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
        await database.ExecuteAsync($"CREATE DATABASE {database._name}");

        // For samples of one committed state beside writers.
        await database.ExecuteAsync($"ALTER DATABASE {database._name} SET ALLOW_SNAPSHOT_ISOLATION ON");
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        // Connections of killed gateways may still be open.
        await ExecuteAsync($"ALTER DATABASE {_name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE");
        await ExecuteAsync($"DROP DATABASE {_name}");
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new SqlConnection(new SqlConnectionStringBuilder(_server) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }
}
