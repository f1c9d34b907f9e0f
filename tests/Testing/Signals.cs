using System.Diagnostics;
using System.Globalization;

namespace AiGateway.Testing;

/// <summary>Signals to processes, as an operator or an orchestrator sends them.</summary>
internal static class Signals
{
    public static void Send(string signal, params int[] processIds)
    {
        if (processIds.Length == 0) return;
        using var kill = Process.Start("kill", [$"-{signal}", .. processIds.Select(id => id.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }

    /// <summary>The processes that a process started itself.</summary>
    public static IEnumerable<int> ChildrenOf(int processId) =>
        from folder in Directory.GetDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _) && ParentOf(folder) == processId
        select int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);

    // "1234 (name, which may hold anything) S 1 ...": the parent is the second word after the name.
    private static int? ParentOf(string folder)
    {
        try
        {
            var status = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
