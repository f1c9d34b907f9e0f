using System.Reflection;

namespace AiGateway.Api.Cli;

/// <summary><c>--version</c>: prints the name and the version of the program.</summary>
internal static class VersionCommand
{
    public static int Run(TextWriter output)
    {
        var full = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

        // The commit follows a plus sign. Scripts compare the version alone.
        output.WriteLine($"AiGateway {full.Split('+')[0]}");
        return 0;
    }
}
