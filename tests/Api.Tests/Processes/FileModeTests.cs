using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Processes;

/// <summary>Only their owner can read the gateway's files, whatever the umask is.</summary>
[Platform(Exclude = "Win", Reason = "on Windows, the folder decides who may read a file")]
internal sealed class FileModeTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Key = "a-key-that-the-operator-has-chosen-12345";
    private static readonly (string, string)[] Settings = [("ASPNETCORE_ENVIRONMENT", "Development"), ("AI_GATEWAY_BOOTSTRAP_KEY", Key)];
    private TempFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public async Task Start_OnANewDatabase_MakesItsFilesReadableByTheirOwnerAlone()
    {
        await using var gateway = await GatewayProcess.ServeAsync(_folder.Path, ["sh", "-c", """umask 000; exec "$@" """, "sh"], Settings);
        (await gateway.Caller(Key).GenerateAsync()).Expect(200);

        var modes = Directory.GetFiles(_folder.Path).ToDictionary(file => Path.GetFileName(file), Mode);

        Assert.That(modes.Keys, Is.EquivalentTo(new[] { "gateway.db", "gateway.db-wal", "gateway.db-shm" }));
        Assert.That(modes.Values, Is.All.EqualTo(OwnerOnly));
    }

    [Test]
    public async Task Start_OnAnExistingDatabase_KeepsTheModeThatTheOperatorChose()
    {
        const UnixFileMode Chosen = OwnerOnly | UnixFileMode.GroupRead;
        Assert.That((await GatewayProcess.RunAsync(_folder.Path, ["migrate"], Settings)).ExitCode, Is.Zero);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder.DatabaseFile, Chosen);

        await using var gateway = await GatewayProcess.ServeAsync(_folder.Path, Settings);
        (await gateway.Caller(Key).GenerateAsync()).Expect(200);

        Assert.That(Mode(_folder.DatabaseFile), Is.EqualTo(Chosen));
    }

    [Test]
    public async Task Archive_WhenMade_IsReadableByItsOwnerAlone()
    {
        await using (var gateway = await GatewayProcess.ServeAsync(_folder.Path, Settings))
            (await gateway.Caller(Key).GenerateAsync()).Expect(200);
        _folder.Execute("UPDATE usage_records SET created_at = 1748779200000, day = 20250601, month = 20250601");
        _folder.Execute("UPDATE quota_counters SET start = 20250601");

        await GatewayProcess.RunAsync(_folder.Path, ["archive", "--before", "2026-01-01", "--to", _folder.File("usage.jsonl.gz")], Settings);

        Assert.That(Mode(_folder.File("usage.jsonl.gz")), Is.EqualTo(OwnerOnly));
    }

    private static UnixFileMode Mode(string file) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(file);
}
