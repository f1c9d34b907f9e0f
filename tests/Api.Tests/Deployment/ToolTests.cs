using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>The package of the .NET tool installs from a folder alone, and its command is the gateway.</summary>
internal sealed class ToolTests
{
    [Test]
    public async Task Package_WhenInstalled_HasTheCommandAndTheConsole()
    {
        using var folder = new TempFolder();
        await Commands.RunAsync(
            Repository.Root, "dotnet", "pack", "src/Api", "--no-build", "-c", Commands.Configuration, "-o", folder.File("packages"));
        var sources = folder.Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="here" value="{folder.File("packages")}" /></packageSources>
              <config><add key="globalPackagesFolder" value="{folder.File("cache")}" /></config>
            </configuration>
            """);

        await Commands.RunAsync(
            folder.Path, "dotnet", "tool", "install", "aigateway", "--tool-path", folder.File("tools"), "--configfile", sources);
        var program = folder.File(OperatingSystem.IsWindows() ? "tools/aigateway.exe" : "tools/aigateway");
        var version = Directory.GetFiles(folder.File("packages")).Select(Path.GetFileNameWithoutExtension).Single()!.Split('.', 2)[1];
        Assert.That(await Commands.RunAsync(folder.Path, program, "--version"), Is.EqualTo($"AiGateway {version}{Environment.NewLine}"));
        await using var gateway = await GatewayProcess.ServeCopyAsync(folder.Path, [program], ("ASPNETCORE_ENVIRONMENT", "Development"));

        (await gateway.Caller(null).GetAsync("/health/ready")).Expect(200);
        (await gateway.Caller(null).GetAsync("/console/")).Expect(200);
    }
}
