using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AiGateway.Testing;

namespace AiGateway.SideBySide.Reports;

/// <summary>Where and with which build a run was made.</summary>
internal static class Machine
{
    public static string Today => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Description => $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}";

    /// <summary>The checked-out commit, and whether the gateway's source differs from it.</summary>
    public static string Commit => Git("rev-parse", "--short", "HEAD") + (Git("status", "--porcelain", "--", "src").Length > 0 ? " with changes" : "");

    public static string Build(Options options) =>
        options.Gateway is null ? $"the build of commit {Commit}" : $"the published program of commit {Commit}";

    private static string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", Repository.Root, .. arguments]) { RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        return git.StandardOutput.ReadToEnd().Trim();
    }
}
