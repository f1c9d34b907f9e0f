using System.Net.Sockets;
using System.Text;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>The gateway as a service of systemd: it tells the service manager when it serves and when it stops.</summary>
[Platform(Exclude = "Win", Reason = "systemd runs on Linux")]
internal sealed class ServiceTests
{
    // A process named systemd that starts the gateway, as the service manager does, and passes a stop on.
    private const string Manager = """trap 'kill -TERM "$child"' TERM; "$@" & child=$!; wait "$child"; wait "$child" """;

    [Test]
    public async Task Gateway_UnderSystemd_SaysThatItServesAndThatItStops()
    {
        using var folder = new TempFolder();
        using var notices = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notices.Bind(new UnixDomainSocketEndPoint(folder.File("notify")));
        File.CreateSymbolicLink(folder.File("systemd"), "/bin/bash");

        await using var gateway = await GatewayProcess.ServeAsync(
            folder.Path,
            [folder.File("systemd"), "-c", Manager, "systemd"],
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("NOTIFY_SOCKET", folder.File("notify")));

        Assert.That(await ReceiveAsync(notices), Is.EqualTo("READY=1"));
        (await gateway.Caller(null).GetAsync("/health/ready")).Expect(200);

        gateway.Terminate();
        Assert.That(await ReceiveAsync(notices), Is.EqualTo("STOPPING=1"));
        Assert.That(await gateway.ExitAsync(), Is.Zero, gateway.Errors);
    }

    [Test]
    public void Unit_NamesTheProgram_LeavesTimeToStop_AndIsNotRestartedForAWrongSetting()
    {
        var lines = Repository.Read("deploy/systemd/aigateway.service").Split('\n').ToHashSet();

        Assert.That(lines, Is.SupersetOf(
        [
            "Type=notify", "ExecStart=/opt/aigateway/AiGateway.Api", "TimeoutStopSec=60s",
            $"RestartPreventExitStatus={Cli.CommandLine.Misconfigured}", "DynamicUser=yes", "ProtectSystem=strict",
        ]));
        Assert.That(lines.Where(line => line.StartsWith("ProtectProc", StringComparison.Ordinal)), Is.Empty, "the gateway looks at its parent");
    }

    private static async Task<string> ReceiveAsync(Socket notices)
    {
        var buffer = new byte[256];
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var length = await notices.ReceiveAsync(buffer, bound.Token);
        return Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\n');
    }
}
