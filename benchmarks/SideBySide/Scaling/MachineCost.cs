using System.Globalization;

namespace AiGateway.SideBySide.Scaling;

/// <summary>The processor time of the whole machine, in clock ticks.</summary>
/// <param name="Busy">User and kernel time.</param>
/// <param name="Total">All time of all cores.</param>
internal readonly record struct MachineCost(long Busy, long Total)
{
    // The fields of the first line of /proc/stat: user, nice, system, idle, waiting for a disk, interrupts and others.
    private const int Idle = 3;
    private const int WaitingForDisk = 4;

    // Later fields repeat times of guests that are in the first two.
    private const int Fields = 8;

    public static MachineCost Now()
    {
        long[] times = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Take(Fields).Select(each => long.Parse(each, CultureInfo.InvariantCulture))];
        var total = times.Sum();
        return new MachineCost(total - times[Idle] - times[WaitingForDisk], total);
    }

    public double BusyPercentSince(MachineCost earlier) => 100.0 * (Busy - earlier.Busy) / Math.Max(1, Total - earlier.Total);
}
