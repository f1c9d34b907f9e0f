using System.Diagnostics;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>Runs the commands that an operator types.</summary>
internal static class Commands
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    /// <summary>The configuration of this build, such as Release; the built program of the same configuration exists.</summary>
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Runs a command to its end, and fails with its output unless its exit code is 0.</summary>
    /// <returns>The standard output.</returns>
    public static async Task<string> RunAsync(string folder, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Bound);
        Assert.That(process.ExitCode, Is.Zero, $"{string.Join(' ', command)}\n{await output}\n{await errors}");
        return await output;
    }
}
