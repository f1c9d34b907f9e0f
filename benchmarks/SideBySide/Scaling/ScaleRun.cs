using AiGateway.SideBySide.Reports;
using AiGateway.SideBySide.Targets;
using AiGateway.Testing;

namespace AiGateway.SideBySide.Scaling;

/// <summary>Requests a second against the number of gateways, users, levels with budgets, and organisations.</summary>
/// <param name="gateway">How a gateway is started.</param>
/// <param name="folder">The folder of SQLite files.</param>
/// <param name="server">The PostgreSQL server; null if none is installed.</param>
/// <param name="options">The load.</param>
internal sealed class ScaleRun(Gateway gateway, string folder, PostgresServer? server, Options options)
{
    private const int SomeUsers = 100;

    private static readonly int[] GatewayCounts = [1, 2, 4];

    private int _databases;

    private int[] UserCounts => options.IsShort ? [1, SomeUsers] : [1, SomeUsers, 10_000];

    private int[] LevelCounts => options.IsShort ? [0, Tenants.MostLevels] : [.. Enumerable.Range(0, Tenants.MostLevels + 1)];

    public static async Task<int> RunAsync(Options options)
    {
        var folder = Directory.CreateTempSubdirectory("aigateway-benchmark-");
        using var server = PostgresServer.TryStart(durable: true);
        if (server is null) Progress.Say("PostgreSQL's programs are not installed here: it is left out.");
        using var upstream = await Target.StartRoleAsync(["upstream"]);
        try
        {
            var run = new ScaleRun(new Gateway(options.Gateway, upstream.Address), folder.FullName, server, options);
            var text = ScaleTable.Compose(await run.MeasureAsync(), options);
            Console.WriteLine(text);
            if (options.Write) Document.Write("scale", text);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<List<ScaleCurve>> MeasureAsync()
    {
        var curves = new List<ScaleCurve>();
        if (server is not null) await AddAsync($"Gateways on one PostgreSQL, {SomeUsers} users", GatewayCounts.Select(count => PointAsync(server, Count(count, "gateway"), count, new(0, SomeUsers, 0))));
        foreach (var database in server is null ? [null] : new[] { null, server })
        {
            var on = database is null ? "SQLite" : "PostgreSQL";
            await AddAsync($"Users, one gateway on {on}", UserCounts.Select(users => PointAsync(database, Count(users, "user"), 1, new(0, users, 0))));
            await AddAsync($"Levels with two budgets each, one gateway on {on}, one user", LevelCounts.Select(levels => PointAsync(database, Count(levels, "level"), 1, new(1, 1, levels))));
        }

        if (server is not null) await AddAsync($"Organisations, {SomeUsers} users, two budgets at each of {Tenants.MostLevels} levels, on one PostgreSQL", HotOrganisation(server));
        return curves;

        async Task AddAsync(string title, IEnumerable<Func<Task<ScalePoint>>> starts) => curves.Add(await ScaleCurve.MeasureAsync(title, starts, options));
    }

    private IEnumerable<Func<Task<ScalePoint>>> HotOrganisation(PostgresServer database) =>
        from gateways in new[] { GatewayCounts[0], GatewayCounts[^1] }
        from organisations in new[] { SomeUsers, 1 }
        select PointAsync(database, $"{Count(gateways, "gateway")}, {Count(organisations, "organisation")}", gateways, new(organisations, SomeUsers, Tenants.MostLevels));

    private Func<Task<ScalePoint>> PointAsync(PostgresServer? database, string name, int gateways, Tenants tenants) => async () =>
    {
        var file = $"scale{_databases++}";
        var store = database is null ? Store.OnSqlite(folder, file) : await Store.OnPostgresAsync(database, file);
        return await ScalePoint.StartAsync(name, gateway, store, database, gateways, tenants);
    };

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
