using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace AiGateway.Api.Tests.Processes;

/// <summary>
/// A database of the first schema, with data, is upgraded by the start of a gateway. The files of the schema are as the first
/// version made them and never change.
/// </summary>
[TestFixture("Sqlite", false)]
[TestFixture("Postgres", false)]
[TestFixture("Sqlite", true)]
[TestFixture("Postgres", true)]
internal sealed class UpgradeTests(string engine, bool isEarly)
{
    private const string Key = "agw_the-key-of-the-first-version-of-the-gateway";
    private const string KeyOfSecond = "agw_another-key-of-the-first-version-of-the-gateway";
    private const string KeyOfThird = "agw_a-key-that-the-first-version-wrote-later-on";

    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private PostgresServer? _server;
    private GatewayHost _gateway = null!;

    private string ConnectionString => _server is null ? $"Data Source={_folder.File("first.db")};Pooling=False" : $"{_server.ConnectionString("first")};Pooling=False";

    // The gateway made no first key, because the database has an administrator.
    private GatewayClient Admin => _gateway.Admin.As(Key);

    [OneTimeSetUp]
    public async Task UpgradeAsync()
    {
        if (engine == "Postgres")
        {
            _server = PostgresServer.TryStart();
            if (_server is null) Assert.Ignore("PostgreSQL is not installed on this machine.");
            await _server.CreateDatabaseAsync("first");
        }

        await ExecuteAsync(Read($"{engine.ToLowerInvariant()}.sql"));
        await ExecuteAsync(Data(1, Key));
        await ExecuteAsync(Data(2, KeyOfSecond));

        // A build from before 2026-11-26 differs in these two columns.
        if (isEarly)
        {
            await ExecuteAsync("ALTER TABLE usage_records RENAME COLUMN requested_model TO model_asked");
            await ExecuteAsync("ALTER TABLE providers ADD COLUMN enabled BOOLEAN NOT NULL DEFAULT TRUE");
        }

        _gateway = await GatewayHost.StartAsync(
            new FakeTimeProvider(Noon), ("Database:Provider", engine), ("ConnectionStrings:Gateway", ConnectionString.Replace(";Pooling=False", "", StringComparison.Ordinal)));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        _server?.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Ledger_AfterTheUpgrade_BalancesAndKeepsKeysLimitsAndRecords()
    {
        await AssertBalancedAsync();
        var quota = (await Admin.GetAsync("/api/v1/ai/quota")).Expect(200).Json;
        Assert.That(quota.GetProperty("dailyRequests").GetProperty("limit").GetInt64(), Is.EqualTo(100));
        Assert.That(quota.GetProperty("dailyRequests").GetProperty("used").GetInt64(), Is.EqualTo(3));
        Assert.That(quota.GetProperty("monthlySpendUsd").GetProperty("used").GetDecimal(), Is.EqualTo(0.000004m));
        Assert.That(quota.GetProperty("monthlySpendUsd").GetProperty("held").GetDecimal(), Is.EqualTo(0.0000005m));
        var records = (await Admin.GetAsync("/api/v1/ai/usage")).Expect(200).Json.GetProperty("items").EnumerateArray();
        Assert.That(records.Select(record => record.GetProperty("status").GetString()), Is.EquivalentTo(new[] { "held", "settled", "released", "expired" }));
    }

    [Test]
    public async Task Budget_AddedAfterTheUpgrade_CountsTheRecordsOfTheFirstVersion()
    {
        var user = Admin.As(KeyOfSecond);
        var budgets = new { budgets = new[] { new { metric = "requests", window = "month", amount = 5, mode = "hard", perEndUser = false, model = "*" } } };
        (await Admin.PutAsync("/api/v1/admin/users/00000000-0000-7000-8000-000000000021/budgets", budgets)).Expect(200);

        (await GenerateAsync(user)).Expect(200);
        (await GenerateAsync(user)).Expect(200);
        (await GenerateAsync(user)).Expect(429, "quota_exceeded");

        await AssertBalancedAsync();
    }

    /// <summary>The version before goes on writing its rows while the new one runs.</summary>
    [Test]
    public async Task Rows_ThatTheFirstVersionWritesAfterTheUpgrade_AreRead()
    {
        await ExecuteAsync(Data(3, KeyOfThird));
        var user = Admin.As(KeyOfThird);

        (await GenerateAsync(user)).Expect(200);

        Assert.That((await user.GetAsync("/api/v1/ai/quota")).Expect(200).Json.GetProperty("dailyRequests").GetProperty("used").GetInt64(), Is.EqualTo(4));
        await AssertBalancedAsync();
    }

    private static Task<Reply> GenerateAsync(GatewayClient user) => user.PostAsync("/api/v1/ai/generate", new { prompt = "Hello.", options = new { maxTokens = 5 } });

    private static string Read(string name) => File.ReadAllText(Path.Combine(Repository.Root, "tests/Api.Tests/Fixtures/FirstSchema", name));

    private async Task AssertBalancedAsync()
    {
        var found = (await Admin.VerifyAsync()).GetProperty("differences");
        Assert.That(found.GetArrayLength(), Is.Zero, found.GetRawText());
    }

    private string Data(int number, string key)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        return Read("data.sql")
            .Replace("{n}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{hash}", _server is null ? $"X'{hash}'" : $"decode('{hash}', 'hex')", StringComparison.Ordinal)
            .Replace("{now}", Noon.AddHours(-1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{lease}", Noon.AddHours(1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{day}", "20261125", StringComparison.Ordinal)
            .Replace("{month}", "20261101", StringComparison.Ordinal)
            .Replace("{model}", TestPrices.Model, StringComparison.Ordinal);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using DbConnection connection = _server is null ? new SqliteConnection(ConnectionString) : new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
