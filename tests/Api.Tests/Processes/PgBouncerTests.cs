using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Npgsql;

namespace AiGateway.Api.Tests.Processes;

/// <summary>
/// Two gateways reach PostgreSQL by way of PgBouncer in transaction mode, which lends each connection for one transaction. The
/// ledger and the migrations have connections of their own.
/// </summary>
internal sealed class PgBouncerTests
{
    private const string Key = "a-key-that-the-operator-has-chosen-12345";
    private const int Limit = 40;
    private const int Replicas = 2;

    private TempFolder _folder = null!;
    private PgBouncer _pooler = null!;
    private (string, string)[] _settings = null!;

    [SetUp]
    public async Task StartAsync()
    {
        if (PostgresServer.Instance.Value is not { } server) throw new IgnoreException("PostgreSQL is not installed on this machine.");
        _pooler = await PgBouncer.TryStartAsync(server) ?? throw new IgnoreException("PgBouncer is not installed on this machine.");
        _folder = new TempFolder();
        await server.CreateDatabaseAsync("pooled");
        _settings =
        [
            ("ASPNETCORE_ENVIRONMENT", "Development"), ("AI_GATEWAY_BOOTSTRAP_KEY", Key), ("Database__Provider", "Postgres"),
            ("ConnectionStrings__Gateway", _pooler.ConnectionString("pooled")), ("ConnectionStrings__Ledger", server.ConnectionString("pooled")),
            ("AI_QUOTA_DAILY_LIMIT", $"{Limit}"), ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "unlimited"),

            // The wait for the ledger is not tested here, and a busy machine may need longer than the default.
            ("AI_GATEWAY_LEDGER_TIMEOUT", "60000"),
        ];
    }

    [TearDown]
    public void Stop()
    {
        _pooler?.Dispose();
        _folder?.Dispose();
    }

    [Test]
    public async Task Gateways_BehindThePooler_AdmitExactlyTheLimitAndBalance()
    {
        await using (var first = await GatewayProcess.ServeAsync(_folder.Path, _settings))
        await using (var second = await GatewayProcess.ServeAsync(_folder.Path, _settings))
        {
            GatewayClient[] callers = [first.Caller(Key), second.Caller(Key)];
            var replies = await Task.WhenAll(Enumerable.Range(0, Limit * Replicas).Select(i => callers[i % Replicas].GenerateAsync()));
            Assert.That(replies.Count(reply => reply.Status == 200), Is.EqualTo(Limit), "the limit is exact");
            Assert.That(replies.Where(reply => reply.Status != 200).Select(reply => reply.Status), Is.All.EqualTo(429));

            // Writes, lists and reports of administrators take connections of the pooler.
            var user = (await callers[0].PostAsync("/api/v1/admin/users", new { name = "ada" })).Expect(201).Json.GetProperty("id").GetString();
            (await callers[1].PostAsync("/api/v1/admin/keys", new { userId = user, name = "laptop", scopes = new[] { "ai:generate" } })).Expect(201);
            (await callers[1].GetAsync("/api/v1/admin/audit")).Expect(200);
            Assert.That((await callers[0].VerifyAsync()).GetProperty("balanced").GetBoolean(), Is.True);
        }

        var verified = await GatewayProcess.RunAsync(_folder.Path, ["verify"], _settings);
        Assert.That(verified.ExitCode, Is.Zero, verified.Output + verified.Errors);
        Assert.That(verified.Output, Does.StartWith($"{Limit} usage records, 0 held, 0 differences"));
        Assert.That(await ReadAsync("SHOW enable_seqscan"), Is.EqualTo("on"), "no setting of a gateway stays at a connection that others get");
        Assert.That((await GatewayProcess.RunAsync(_folder.Path, ["check"], _settings)).Output, Does.Contain("its schema is up to date"));
    }

    private async Task<string?> ReadAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_pooler.ConnectionString("pooled"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync() as string;
    }
}
