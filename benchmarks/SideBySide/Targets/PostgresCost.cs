using System.Globalization;
using AiGateway.Testing;

namespace AiGateway.SideBySide.Targets;

/// <summary>The processor time of a PostgreSQL server: its first process, its sessions, and its writers.</summary>
internal static class PostgresCost
{
    // The fields of /proc/PID/stat after the name: user and kernel time of the process, then of the children that it has waited for.
    private const int FirstTime = 11;
    private const int TimesOfChildren = 2;

    // The kernel reports times in this unit on every platform that .NET supports.
    private static readonly TimeSpan ClockTick = TimeSpan.FromMilliseconds(10);

    /// <summary>The user and kernel time of all processes of the server so far, those that have ended included.</summary>
    /// <param name="server">The server.</param>
    public static TimeSpan CpuTime(PostgresServer server)
    {
        var own = Ticks(server.ProcessId, 2 * TimesOfChildren);
        return ClockTick * (own + Signals.ChildrenOf(server.ProcessId).Sum(child => Ticks(child, TimesOfChildren)));
    }

    private static long Ticks(int process, int times)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{process}/stat");
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return fields.Skip(FirstTime).Take(times).Sum(each => long.Parse(each, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // The session has ended meanwhile. Its time is in the times of its parent from now on.
            return 0;
        }
    }
}
