using AiGateway.SideBySide.Measuring;
using AiGateway.SideBySide.Targets;
using AiGateway.Testing;

namespace AiGateway.SideBySide.Scaling;

/// <summary>A point of a curve: gateways on one database, with the keys of the load.</summary>
internal sealed class ScalePoint : IDisposable
{
    /// <param name="name">The name of the point.</param>
    /// <param name="gateways">The gateways, started.</param>
    /// <param name="keys">The keys of the load.</param>
    /// <param name="server">The server of the database; null for SQLite.</param>
    public ScalePoint(string name, IReadOnlyList<Target> gateways, IReadOnlyList<string> keys, PostgresServer? server)
    {
        (Name, Gateways, Keys, Server) = (name, gateways, keys, server);
    }

    public string Name { get; }

    public IReadOnlyList<Target> Gateways { get; }

    public IReadOnlyList<string> Keys { get; }

    /// <summary>The server of the database; null for SQLite.</summary>
    public PostgresServer? Server { get; }

    public Samples Samples { get; } = new();

    /// <summary>The user and kernel time of the gateways so far.</summary>
    public TimeSpan CpuTime => Gateways.Aggregate(TimeSpan.Zero, (sum, each) => sum + each.CpuTime);

    /// <summary>Starts the gateways and creates the users.</summary>
    /// <param name="name">The name of the point.</param>
    /// <param name="gateway">How a gateway is started.</param>
    /// <param name="store">The database of all gateways.</param>
    /// <param name="server">The server of the database; null for SQLite.</param>
    /// <param name="gateways">The number of gateways.</param>
    /// <param name="tenants">The users of the load.</param>
    public static async Task<ScalePoint> StartAsync(
        string name, Gateway gateway, Store store, PostgresServer? server, int gateways, Tenants tenants)
    {
        Progress.Say($"start of {name}");
        var targets = new List<Target>();
        try
        {
            for (var i = 0; i < gateways; i++) targets.Add(await gateway.StartAsync(store));
            return new ScalePoint(name, targets, await tenants.CreateAsync(targets[0].Address), server);
        }
        catch
        {
            foreach (var each in targets) each.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var each in Gateways) each.Dispose();
    }
}
