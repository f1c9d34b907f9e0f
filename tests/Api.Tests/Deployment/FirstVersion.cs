using System.Diagnostics;
using System.Formats.Tar;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>The program of the first schema, built from the history of the repository.</summary>
internal sealed class FirstVersion : IDisposable
{
    /// <summary>A commit from before the third migration. The first two are the schema that every later version adds to.</summary>
    private const string Commit = "6aa12bd811b2ee589519ba90bc7df1f3da3bbf13";

    private readonly TempFolder _folder = new();

    private string Program => _folder.File("app");

    /// <summary>Builds the program; null if the commit is not here, as in a shallow clone.</summary>
    public static async Task<FirstVersion?> TryBuildAsync()
    {
        if (!IsInHistory()) return null;
        var version = new FirstVersion();
        var archive = version._folder.File("source.tar");
        await Commands.RunAsync(
            Repository.Root, "git", "archive", $"--output={archive}", Commit,
            "src", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", "global.json");
        var source = Directory.CreateDirectory(version._folder.File("source")).FullName;
        await TarFile.ExtractToDirectoryAsync(archive, source, overwriteFiles: false);

        // Its own build checked its style. Analyzers that came later could refuse it.
        await Commands.RunAsync(source, "dotnet", "build", "src/Api", "-c", "Release", "-p:RunAnalyzers=false", "-o", version.Program);
        return version;
    }

    /// <summary>Starts the program and waits until it listens.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="settings">The settings.</param>
    public Task<GatewayProcess> ServeAsync(string folder, params (string Name, string Value)[] settings) => GatewayProcess.ServeCopyAsync(
        folder, ["dotnet", Path.Combine(Program, "AiGateway.Api.dll")], [("ASPNETCORE_CONTENTROOT", Program), .. settings]);

    public void Dispose() => _folder.Dispose();

    private static bool IsInHistory()
    {
        var ask = new ProcessStartInfo("git", ["cat-file", "-e", $"{Commit}^{{commit}}"]) { WorkingDirectory = Repository.Root, RedirectStandardError = true };
        try
        {
            using var git = Process.Start(ask)!;
            git.WaitForExit();
            return git.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
