using System.Diagnostics;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>
/// The published program runs as the image runs it: the program and the variables of the Dockerfile, a user that owns only the data folder,
/// and, where this machine lets a test do so, a root file system without write access.
/// </summary>
[Platform(Exclude = "Win", Reason = "the image is for Linux")]
internal sealed class PublishedProgramTests
{
    private const string Key = "a-key-that-the-operator-has-chosen-12345";

    // The user of the base images. It need not exist on this machine.
    private const string User = "1654";

    private const UnixFileMode Everyone =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // A mount that only the program sees: the data folder can be written, nothing else can. Then the rights of root are given up.
    private const string Confine =
        """mount --bind "$1" "$1" && mount -o remount,bind,ro / && cd "$1" && shift && exec setpriv --reuid="$1" --regid="$1" --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs "${@:2}" """;

    private TempFolder _folder = null!;

    [OneTimeSetUp]
    public async Task PublishAsync()
    {
        _folder = new TempFolder();
        Directory.CreateDirectory(_folder.File("data"));
        await Commands.RunAsync(
            Repository.Root, "dotnet", "publish", "src/Api", "--no-build", "-c", Commands.Configuration, "-p:PublishReadyToRun=false", "-o", _folder.File("app"));
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_folder.Path, Everyone);
        await Commands.RunAsync(_folder.Path, "chmod", "-R", "a-w", _folder.File("app"));
        if (Environment.IsPrivilegedProcess) await Commands.RunAsync(_folder.Path, "chown", $"{User}:{User}", _folder.File("data"));
    }

    [OneTimeTearDown]
    public async Task RemoveAsync()
    {
        await Commands.RunAsync(_folder.Path, "chmod", "-R", "u+w", _folder.Path);
        _folder.Dispose();
    }

    [Test]
    public async Task Program_AsTheImageRunsIt_ServesFromTheDataFolderAndStopsBySigterm()
    {
        await using (var gateway = await ServeAsync(("AI_GATEWAY_BOOTSTRAP_KEY", Key)))
        {
            (await gateway.Caller(null).GetAsync("/health/ready")).Expect(200);
            await Commands.RunAsync(_folder.Path, [.. Local(Dockerfile.Read().Image.HealthCheck), "--url", $"{gateway.Address}"]);
            var reply = (await gateway.Caller(Key).PostAsync(
                "/v1/chat/completions", """{"model":"gpt-6-luna","messages":[{"role":"user","content":"Hello!"}]}""")).Expect(200);
            Assert.That(
                reply.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), Is.EqualTo("Echo: Hello!"));
            (await gateway.Caller(null).GetAsync("/console/")).Expect(200);

            if (Environment.IsPrivilegedProcess)
                Assert.That(await File.ReadAllTextAsync($"/proc/{gateway.Id}/status"), Does.Match(@"Uid:\s+1654\s+1654").And.Match(@"CapEff:\s+0+\n"));
            Assert.That(
                Directory.GetFiles(_folder.File("data")).Select(Path.GetFileName),
                Is.EquivalentTo(["aigateway.db", "aigateway.db-wal", "aigateway.db-shm"]));

            gateway.Terminate();
            Assert.That(await gateway.ExitAsync(), Is.Zero, gateway.Errors);
        }

        Assert.That(Directory.GetFiles(_folder.File("data")).Select(Path.GetFileName), Is.EqualTo(["aigateway.db"]), "a stop leaves one file");
    }

    private Task<GatewayProcess> ServeAsync(params (string, string)[] settings)
    {
        var image = Dockerfile.Read().Image;
        var program = Local(image.EntryPoint);
        var data = _folder.File("data");
        string[] confined = CanConfine() ? ["unshare", "--mount", "bash", "-c", Confine, "bash", data, User, .. program] : program;

        // An empty connection string counts as not given: the default is a file in the working directory.
        return GatewayProcess.ServeCopyAsync(
            data,
            confined,
            [
                .. image.Environment.Where(each => each.Name != "ASPNETCORE_HTTP_PORTS"),
                ("ASPNETCORE_ENVIRONMENT", "Development"),
                ("ASPNETCORE_CONTENTROOT", ""),
                ("ConnectionStrings__Gateway", ""),
                .. settings,
            ]);
    }

    private string[] Local(string[] command) => [.. command.Select(part => part.Replace("/app/", $"{_folder.File("app")}/", StringComparison.Ordinal))];

    private static bool CanConfine()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/setpriv")) return false;
        using var probe = Process.Start("unshare", ["--mount", "mount", "-o", "remount,bind,ro", "/"]);
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }
}
