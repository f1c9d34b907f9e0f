using System.Diagnostics;
using System.Globalization;

namespace AiGateway.Testing;

/// <summary>Sends signals to processes, as an operator or an orchestrator does.</summary>
public static class Signals
{
    /// <summary>Sends a signal to processes and waits until it is sent.</summary>
    /// <param name="signal">Its name without SIG, such as TERM.</param>
    /// <param name="processIds">The processes.</param>
    public static void Send(string signal, params int[] processIds)
    {
        if (processIds.Length == 0) return;
        using var kill = Process.Start("kill", [$"-{signal}", .. processIds.Select(id => id.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }

    /// <summary>The direct children of a process.</summary>
    /// <param name="processId">The process.</param>
    public static IEnumerable<int> ChildrenOf(int processId) =>
        from folder in Directory.GetDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _) && ParentOf(folder) == processId
        select int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);

    // The line is "1234 (name) S 1 ...", and the name may contain anything. The parent is the second word after the name.
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
