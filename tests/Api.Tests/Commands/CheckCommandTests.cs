using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Commands;

/// <summary>The command <c>check</c> finds every fault of settings, prices and database, and changes nothing.</summary>
internal sealed class CheckCommandTests
{
    private static readonly (string, string) Development = ("ASPNETCORE_ENVIRONMENT", "Development");
    private TempFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public async Task Check_BeforeAndAfterTheFirstStart_SaysWhatItFoundAndExitsWith0()
    {
        var before = await GatewayProcess.RunAsync(_folder.Path, ["check"], Development);

        Assert.That(before.ExitCode, Is.Zero, before.Output + before.Errors);
        Assert.That(before.Output, Does.Contain("database: Sqlite; it does not exist yet").And.Contain("providers: echo"));
        Assert.That(before.Output, Does.Match(@"prices: \d+ of \d+ models \(all built in\)").And.Contain("No fault was found."));
        Assert.That(Directory.GetFiles(_folder.Path), Is.Empty, "the check made no database");

        await GatewayProcess.RunAsync(_folder.Path, ["migrate"], Development);
        var after = await GatewayProcess.RunAsync(_folder.Path, ["check"], Development);
        Assert.That(after.ExitCode, Is.Zero, after.Output);
        Assert.That(after.Output, Does.Match(@"database: Sqlite; its schema is up to date \(\d+ migrations\)"));
    }

    [Test]
    public async Task Check_OfAnOlderAndANewerSchema_SaysSo()
    {
        await GatewayProcess.RunAsync(_folder.Path, ["migrate"], Development);
        _folder.Execute("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99.0.0')");
        var newer = await GatewayProcess.RunAsync(_folder.Path, ["check"], Development);
        _folder.Execute("DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" LIKE '%UsageOutcomes'");
        var older = await GatewayProcess.RunAsync(_folder.Path, ["check"], Development, ("Database__MigrateAtStart", "false"));

        Assert.That(newer.ExitCode, Is.Zero, newer.Output);
        Assert.That(newer.Output, Does.Contain("newer than this version by 1 migrations"));
        Assert.That(older.ExitCode, Is.EqualTo(1), older.Output);
        Assert.That(older.Output, Does.Contain("its schema lacks 1 of").And.Contain("Run the command migrate."));
    }

    [Test]
    public async Task Check_WhenSettingsFilesPricesAndDatabaseAreWrong_NamesAllOfItInOneListWithoutASecret()
    {
        var (exitCode, output, errors) = await GatewayProcess.RunAsync(
            _folder.Path,
            ["check"],
            ("OPENAI_API_KEY_FILE", _folder.Write("key", "the-canary\n")),
            ("OPENAI_MAX_TOKENS", "the-canary"),
            ("Jwt__SigningKey_FILE", _folder.File("nowhere")),
            ("AI_GATEWAY_PRICES", _folder.Write("prices.json", "{")),
            ("AI_GATEWAY_CONFIG", _folder.Write("config.json", "[")),
            ("ConnectionStrings__Gateway", $"Data Source={_folder.File("missing/gateway.db")};Password=the-canary"));

        Assert.That(exitCode, Is.EqualTo(1), output + errors);
        string[] named =
        [
            "OPENAI_MAX_TOKENS: ", $"Jwt:SigningKey: Jwt:SigningKey_FILE names the file {_folder.File("nowhere")}, which does not exist", "AI_GATEWAY_PRICES: ",
            "AI_GATEWAY_CONFIG: ", "database: ",
        ];
        foreach (var name in named) Assert.That(output, Does.Contain($"\n  {name}"));
        Assert.That(output, Does.Contain("5 faults were found").And.Not.Contain("OPENAI_API_KEY: "));
        Assert.That(output + errors, Does.Not.Contain("canary").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Check_WhenTheDatabaseServerIsAway_SaysSoAndExitsWith1()
    {
        var (exitCode, output, _) = await GatewayProcess.RunAsync(
            _folder.Path, ["check"], Development, ("Database__Provider", "Postgres"), ("ConnectionStrings__Gateway", "Host=127.0.0.1;Port=1;Username=u;Password=the-canary"));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("database: Postgres; it was not read").And.Contain("ConnectionStrings:Gateway").And.Not.Contain("canary"));
    }
}
