using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Processes;

/// <summary>The command that moves old usage records from the ledger to a file.</summary>
internal sealed class ArchiveTests
{
    private string AuditHead() =>
        $"{_folder.Read<long>("SELECT max(sequence) FROM admin_actions")} rows in the audit log; the last is row "
        + $"{_folder.Read<long>("SELECT max(sequence) FROM admin_actions")} with hash {_folder.Read<string>("SELECT lower(hex(hash)) FROM admin_actions ORDER BY sequence DESC LIMIT 1")}.";

    private const string Key = "a-key-that-the-operator-has-chosen-12345";
    private static readonly (string, string) Development = ("ASPNETCORE_ENVIRONMENT", "Development");
    private readonly TempFolder _withARequest = new();
    private TempFolder _folder = null!;

    [OneTimeSetUp]
    public async Task MakeARequestAsync()
    {
        await using var gateway = await GatewayProcess.ServeAsync(_withARequest.Path, Development, ("AI_GATEWAY_BOOTSTRAP_KEY", Key));
        (await gateway.Caller(Key).GenerateAsync()).Expect(200);
        gateway.Terminate();
        Assert.That(await gateway.ExitAsync(), Is.Zero, gateway.Errors);
    }

    [OneTimeTearDown]
    public void Remove() => _withARequest.Dispose();

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public async Task Archive_OfLastYearsRequest_MovesItToTheFileAndTheLedgerBalances()
    {
        CopyTheRequestToLastYear();

        var archived = await ArchiveAsync("--before", "2026-01-01", "--to", _folder.File("usage.jsonl.gz"));
        var verified = await GatewayProcess.RunAsync(_folder.Path, ["verify"], Development);
        var again = await ArchiveAsync("--before", "2026-01-01", "--to", _folder.File("usage.jsonl.gz"));
        var finished = await ArchiveAsync("--finish", _folder.File("usage.jsonl.gz"));

        Assert.That((archived.ExitCode, archived.Output), Is.EqualTo((0, "1 usage records in the file, 1 removed from the database.")), archived.Errors);
        Assert.That((verified.ExitCode, verified.Output), Is.EqualTo((0, "0 usage records, 0 held, 0 differences.\n" + AuditHead())));
        Assert.That(
            _folder.Read<string>("SELECT group_concat(action || ' ' || target_id || ' ' || via || ' ' || after) FROM admin_actions WHERE action = 'usage.archive'"),
            Is.EqualTo($$"""usage.archive usage.jsonl.gz 4 {"file":"{{_folder.File("usage.jsonl.gz")}}","records":1}"""),
            "one row, by a sub-command, of the run that removed something");
        Assert.That(again.ExitCode, Is.EqualTo(64));
        Assert.That(again.Errors, Does.StartWith("--to: ").And.Contain("exists").And.Contain("--finish"));
        Assert.That((finished.ExitCode, finished.Output), Is.EqualTo((0, "1 usage records in the file, 0 removed from the database.")));
    }

    [Test]
    public async Task Archive_WhenNoRecordIsOldEnough_SaysSoAndWritesNoFile()
    {
        var file = _folder.File("usage.jsonl.gz");
        CopyTheRequest();

        var run = await ArchiveAsync("--before", "2026-01-01", "--to", file);

        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        Assert.That(run.Output, Is.EqualTo("There is nothing to archive: no finished usage record is from before 2026-01-01. No file was written."));
        Assert.That(File.Exists(file), Is.False);
    }

    [TestCase("usage: archive")]
    [TestCase("usage: archive", "--before", "2026-01-01")]
    [TestCase("usage: archive", "--before", "01/02/2026", "--to", "x.gz")]
    [TestCase("usage: archive", "--before", "2026-01-01", "--to", "x.gz", "--force")]
    [TestCase("--before: must be at most", "--before", "9999-12-31", "--to", "x.gz")]
    [TestCase("--to: ", "--before", "2020-01-01", "--to", "/no/such/folder/x.gz")]
    [TestCase("--finish: ", "--finish", "/no/such/folder/x.gz")]
    public async Task Archive_WithBadArguments_SaysWhatIsWrongAndExitsWith64(string problem, params string[] arguments)
    {
        var run = await ArchiveAsync(arguments);

        Assert.That(run.ExitCode, Is.EqualTo(64), run.Output + run.Errors);
        Assert.That(run.Errors, Does.StartWith(problem).And.Not.Contain("   at "));
    }

    [Test]
    public async Task Archive_WhenTheDatabaseFailsBeforeTheFileIsComplete_SaysSoAndLeavesNoFile()
    {
        CopyTheRequestToLastYear();
        _folder.Execute("ALTER TABLE usage_records RENAME TO away");

        var run = await ArchiveAsync("--before", "2026-01-01", "--to", _folder.File("usage.jsonl.gz"));

        Assert.That(run.ExitCode, Is.EqualTo(1), run.Errors);
        Assert.That(run.Errors, Does.Contain("The database failed: ").And.Not.Contain("   at ").And.Not.Contain("--finish"));
        Assert.That(File.Exists(_folder.File("usage.jsonl.gz")), Is.False);
    }

    [Test]
    public async Task Archive_WhenTheDatabaseFailsAfterTheFileIsComplete_SaysHowToContinue()
    {
        CopyTheRequestToLastYear();
        _folder.Execute("ALTER TABLE usage_day_sums RENAME TO away");

        var cutOff = await ArchiveAsync("--before", "2026-01-01", "--to", _folder.File("usage.jsonl.gz"));
        var again = await ArchiveAsync("--finish", _folder.File("usage.jsonl.gz"));
        _folder.Execute("ALTER TABLE away RENAME TO usage_day_sums");
        var finished = await ArchiveAsync("--finish", _folder.File("usage.jsonl.gz"));

        foreach (var run in new[] { cutOff, again })
        {
            Assert.That(run.ExitCode, Is.EqualTo(1), run.Errors);
            Assert.That(run.Errors, Does.Contain("The database failed: ").And.Not.Contain("   at "));
            Assert.That(run.Errors, Does.Contain($"archive --finish {_folder.File("usage.jsonl.gz")}"));
        }

        Assert.That((finished.ExitCode, finished.Output), Is.EqualTo((0, "1 usage records in the file, 1 removed from the database.")), finished.Errors);
    }

    private void CopyTheRequest() => File.Copy(_withARequest.DatabaseFile, _folder.DatabaseFile);

    private void CopyTheRequestToLastYear()
    {
        CopyTheRequest();
        _folder.Execute("UPDATE usage_records SET created_at = 1748779200000, day = 20250601, month = 20250601");
        _folder.Execute("UPDATE quota_counters SET start = 20250601");
    }

    private Task<(int ExitCode, string Output, string Errors)> ArchiveAsync(params string[] arguments) =>
        GatewayProcess.RunAsync(_folder.Path, ["archive", .. arguments], Development);
}
