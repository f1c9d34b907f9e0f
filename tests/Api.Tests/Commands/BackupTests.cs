using System.Diagnostics;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Commands;

/// <summary>A back-up that is made while requests run, and its restore to a new database.</summary>
internal sealed class BackupTests
{
    private const string Key = "a-key-that-the-operator-has-chosen-12345";

    private static readonly (string, string)[] Settings =
    [
        ("ASPNETCORE_ENVIRONMENT", "Development"), ("AI_GATEWAY_BOOTSTRAP_KEY", Key), ("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "unlimited"),
        ("AI_QUOTA_DAILY_LIMIT", "unlimited"), ("AI_QUOTA_MONTHLY_LIMIT", "unlimited"), ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "unlimited"),
    ];

    private TempFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public async Task Backup_OfSqliteWhileRequestsRun_IsRestoredAndBalances()
    {
        var file = _folder.File("backup.db");
        await using (var gateway = await GatewayProcess.ServeAsync(_folder.Path, Settings))
        {
            await WhileRequestsRunAsync(gateway, async () =>
            {
                var made = await GatewayProcess.RunAsync(_folder.Path, ["backup", file], Settings);
                Assert.That(made.ExitCode, Is.Zero, made.Errors);
                var again = await GatewayProcess.RunAsync(_folder.Path, ["backup", file], Settings);
                Assert.That((again.ExitCode, again.Errors), Is.EqualTo((1, $"The file '{file}' already exists.\n")), "an existing file is never overwritten");
            });
            var refused = await GatewayProcess.RunAsync(_folder.Path, ["restore", file], Settings);
            Assert.That(refused.ExitCode, Is.EqualTo(1), refused.Output);
            Assert.That(refused.Errors, Does.Contain("Stop the gateway first. Nothing was changed."));
            (await gateway.Caller(Key).GenerateAsync()).Expect(200);
        }

        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        var restored = await GatewayProcess.RunAsync(_folder.Path, ["restore", file], Settings);
        Assert.That(restored.ExitCode, Is.Zero, restored.Errors);
        Assert.That(restored.Output, Does.Contain($"{_folder.DatabaseFile}.before-restore"));
        await AssertBalancedAndServingAsync(Settings);
    }

    [TestCase("not a database")]
    [TestCase("")]
    public async Task Restore_OfAnotherFile_IsRefusedAndChangesNothing(string content)
    {
        await GatewayProcess.RunAsync(_folder.Path, ["migrate"], Settings);
        var file = _folder.Write("other.db", content);

        var (exitCode, _, errors) = await GatewayProcess.RunAsync(_folder.Path, ["restore", file], Settings);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.Contain("is not a database of a gateway"));
        Assert.That(_folder.Read<long>("SELECT count(*) FROM usage_records"), Is.Zero);
        Assert.That(File.Exists($"{_folder.DatabaseFile}.restored"), Is.False);
    }

    [Test]
    public async Task Backup_OfPostgresWhileRequestsRun_IsRestoredAndBalances()
    {
        if (PostgresServer.Instance.Value is not { } server) throw new IgnoreException("PostgreSQL is not installed on this machine.");
        var file = _folder.File("backup.dump");
        await server.CreateDatabaseAsync("backed_up");
        await server.CreateDatabaseAsync("restored");
        var settings = Of(server, "backed_up");
        await using (var gateway = await GatewayProcess.ServeAsync(_folder.Path, settings))
            await WhileRequestsRunAsync(gateway, () => RunScriptAsync("backup-postgres.sh", file, AddressOf(server, "backed_up")));

        await RunScriptAsync("restore-postgres.sh", file, AddressOf(server, "restored"));

        await AssertBalancedAndServingAsync(Of(server, "restored"));
        var overwrite = await Assert.ThrowsAsync<InvalidOperationException>(() => RunScriptAsync("restore-postgres.sh", file, AddressOf(server, "restored")));
        Assert.That(overwrite!.Message, Does.Contain("Restore to an empty database"));
        var other = await GatewayProcess.RunAsync(_folder.Path, ["backup", file], settings);
        Assert.That(other.Errors, Does.Contain("this command is for Sqlite"));
    }

    private static (string, string)[] Of(PostgresServer server, string database) =>
        [.. Settings, ("Database__Provider", "Postgres"), ("ConnectionStrings__Gateway", server.ConnectionString(database))];

    private static string AddressOf(PostgresServer server, string database) => $"postgresql://tests@{server.Address}/{database}";

    private static async Task WhileRequestsRunAsync(GatewayProcess gateway, Func<Task> work)
    {
        var caller = gateway.Caller(Key);
        for (var i = 0; i < 10; i++) (await caller.GenerateAsync()).Expect(200);
        using var isOver = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!isOver.IsCancellationRequested) (await caller.GenerateAsync()).Expect(200);
        }).ToArray();
        await work();
        await isOver.CancelAsync();
        await Task.WhenAll(load);
    }

    private async Task AssertBalancedAndServingAsync((string, string)[] settings)
    {
        var verified = await GatewayProcess.RunAsync(_folder.Path, ["verify"], settings);
        Assert.That(verified.ExitCode, Is.Zero, verified.Output);
        Assert.That(verified.Output, Does.Match(@"^[1-9]\d+ usage records, \d held, 0 differences"));
        await using var gateway = await GatewayProcess.ServeAsync(_folder.Path, settings);
        (await gateway.Caller(Key).GenerateAsync()).Expect(200);
    }

    private static async Task RunScriptAsync(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "scripts", name), arguments) { RedirectStandardError = true };
        using var script = Process.Start(start)!;
        var errors = await script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();
        if (script.ExitCode != 0) throw new InvalidOperationException($"{name} ended with {script.ExitCode}: {errors}");
    }
}
