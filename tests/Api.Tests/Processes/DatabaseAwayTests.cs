using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Processes;

/// <summary>What the program tells its operator when the database cannot be used. No server listens at port 1.</summary>
internal sealed class DatabaseAwayTests
{
    private const int Failed = 1;
    private const int Misconfigured = 78;
    private const string DeadSqlServer = "Server=127.0.0.1,1;User Id=gateway;Password=the-canary;Encrypt=true;Connect Timeout=5";
    private const string DeadPostgres = "Host=127.0.0.1;Port=1;Username=gateway;Password=the-canary;Timeout=5";
    private const string DeadSqlite = "Data Source=/no/such/folder/gateway.db";
    private TempFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [TestCase("SqlServer", DeadSqlServer)]
    [TestCase("SqlServer", DeadSqlServer, "migrate")]
    [TestCase("SqlServer", DeadSqlServer, "verify")]
    [TestCase("Postgres", DeadPostgres)]
    [TestCase("Postgres", DeadPostgres, "verify")]
    [TestCase("Sqlite", DeadSqlite)]
    [TestCase("Sqlite", DeadSqlite, "migrate")]
    public async Task Run_WhenTheDatabaseDoesNotAnswer_SaysSoInOneLineAndExitsWith1(string kind, string connectionString, params string[] command)
    {
        var run = await RunAsync(kind, connectionString, command);

        Assert.That(run.ExitCode, Is.EqualTo(Failed), run.Errors + run.Output);
        Assert.That(run.Errors.Trim().Split('\n'), Has.Length.EqualTo(1), run.Errors);
        Assert.That(run.Errors, Does.StartWith("The database failed: ").And.Contain("ConnectionStrings:Gateway"));
        AssertPlain(run);
    }

    [TestCase("SqlServer", DeadSqlServer)]
    [TestCase("Postgres", DeadPostgres)]
    [TestCase("Sqlite", DeadSqlite)]
    public async Task Archive_WhenTheDatabaseDoesNotAnswer_SaysSoAndExitsWith1(string kind, string connectionString)
    {
        var run = await RunAsync(kind, connectionString, "archive", "--before", "2026-01-01", "--to", _folder.File("usage.jsonl.gz"));

        Assert.That(run.ExitCode, Is.EqualTo(Failed), run.Errors + run.Output);
        Assert.That(run.Errors, Does.StartWith("The database failed: ").And.Contain("\nNothing was removed."));
        AssertPlain(run);
    }

    [TestCase("SqlServer", "Server=127.0.0.1,1;the-canary")]
    [TestCase("SqlServer", "Host=127.0.0.1;Password=the-canary", "verify")]
    [TestCase("Postgres", "Host=127.0.0.1;Port=the-canary")]
    [TestCase("Postgres", "Server=127.0.0.1,1;Encrypt=true;Password=the-canary", "archive", "--finish", "x.gz")]
    [TestCase("SqlServer", "Server=127.0.0.1,1;Integrated Security=true;Authentication=Active Directory Password", "migrate")]
    [TestCase("Sqlite", "gateway.db")]
    public async Task Run_WhenTheConnectionStringIsMalformed_NamesTheSettingAndExitsWith78(
        string kind, string connectionString, params string[] command)
    {
        var run = await RunAsync(kind, connectionString, command);

        Assert.That(run.ExitCode, Is.EqualTo(Misconfigured), run.Errors + run.Output);
        Assert.That(run.Errors, Does.Contain($"\n  ConnectionStrings:Gateway: is not a connection string for {kind}"));
        AssertPlain(run);
    }

    [Test]
    public async Task Start_OnSqlServerWithoutCultures_NamesWhatIsMissingAndExitsWith78()
    {
        var run = await RunAsync("SqlServer", DeadSqlServer, [], ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"));

        Assert.That(run.ExitCode, Is.EqualTo(Misconfigured), run.Errors + run.Output);
        Assert.That(run.Errors, Does.Contain("\n  Database:Provider: SqlServer needs the ICU libraries"));
        AssertPlain(run);
    }

    [TestCase("fa_IR.UTF-8")]
    [TestCase("th_TH.UTF-8")]
    public async Task Serve_InALocaleWithAnotherCalendar_LogsTheGregorianYear(string locale)
    {
        await using var gateway = await GatewayProcess.ServeAsync(
            _folder.Path, ("OPENAI_API_KEY", "sk-test"), ("LC_ALL", locale), ("LANG", locale));

        Assert.That(gateway.Output, Does.Contain($"\"Timestamp\":\"{TimeProvider.System.GetUtcNow().Year}-"));
    }

    private static void AssertPlain((int ExitCode, string Output, string Errors) run)
    {
        Assert.That(run.Errors + run.Output, Does.Not.Contain("   at ").And.Not.Contain("Unhandled").And.Not.Contain("canary"));
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string kind, string connectionString, string[] command, params (string, string)[] environment) => GatewayProcess.RunAsync(
        _folder.Path,
        command,
        [("OPENAI_API_KEY", "sk-test"), ("Database__Provider", kind), ("ConnectionStrings__Gateway", connectionString), .. environment]);

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(string kind, string connectionString, params string[] command) =>
        RunAsync(kind, connectionString, command, []);
}
