using System.ComponentModel;
using System.Diagnostics;
using AiGateway.Testing;

namespace AiGateway.Conformance.Tests.Hosting;

/// <summary>A program of the folder samples, run as its users run it.</summary>
/// <param name="Program">The command that runs the file.</param>
/// <param name="File">The file.</param>
internal sealed record Sample(string Program, string File)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A .NET project, which was built with the tests.</summary>
    public static Sample DotNet(string name)
    {
        // The folder of the tests is bin/<configuration>/<framework>. The sample's folder has the same names.
        var output = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        return new Sample("dotnet", Path.Combine(FolderOf(name), "bin", output.Parent!.Name, output.Name, $"{name}.dll"));
    }

    /// <summary>A script without packages.</summary>
    public static Sample Node(string name) => new("node", Path.Combine(FolderOf(name), "index.mjs"));

    /// <summary>A script that is copied beside the packages of these tests, because Node looks for packages near the script.</summary>
    public static Sample NodeWithPackages(string name, string folder)
    {
        var packages = Path.Combine(Repository.Root, "tests", "Conformance", "js", "node_modules");
        if (!Directory.Exists(packages)) Assert.Ignore("Skipped because the openai package is not installed: run npm ci in tests/Conformance/js.");
        Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), packages);
        var script = Path.Combine(folder, "index.mjs");
        System.IO.File.Copy(Path.Combine(FolderOf(name), "index.mjs"), script);
        return new Sample("node", script);
    }

    public static string FolderOf(string name) => Path.Combine(Repository.Root, "samples", name);

    /// <summary>Runs the program. Returns its standard output if it succeeded.</summary>
    public async Task<string> RunAsync(ApiTarget gateway)
    {
        var start = new ProcessStartInfo(Program, [File]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AIGATEWAY_URL"] = new Uri(gateway.BaseUrl, "/").AbsoluteUri;
        start.Environment["AIGATEWAY_KEY"] = gateway.Key;
        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);
            Assert.That(process.ExitCode, Is.Zero, await errors);
            return await output;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Ignore($"Skipped because {Program} is not installed.");
            throw;
        }
    }
}
