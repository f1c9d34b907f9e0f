using AiGateway.SideBySide.Measuring;
using AiGateway.SideBySide.Reports;
using AiGateway.SideBySide.Targets;
using AiGateway.Testing;

namespace AiGateway.SideBySide;

/// <summary>One run against the provider itself, a bare YARP, the ledger alone, and the gateway on each database.</summary>
internal static class Comparison
{
    public static async Task<int> RunAsync(Options options)
    {
        var committed = options.Check ? CommittedTable.Read() : null;
        if (options.Check && committed is null)
        {
            Console.Error.WriteLine("There is no committed table. Nothing was measured. Make one on a quiet machine with --write.");
            return 1;
        }

        var folder = Directory.CreateTempSubdirectory("aigateway-benchmark-");
        using var server = PostgresServer.TryStart(durable: true);
        if (server is null) Progress.Say("PostgreSQL's programs are not installed here: it is left out.");
        using var sink = options.Telemetry ? await Target.StartRoleAsync(["sink"]) : null;
        var candidates = new List<Candidate> { new("provider itself", () => Target.StartRoleAsync(["upstream"])) { IsUpstream = true } };
        try
        {
            await candidates[0].StartAsync();
            await AddCandidatesAsync(candidates, folder.FullName, server, sink, options);
            return await MeasureAsync(candidates, committed, options);
        }
        finally
        {
            foreach (var each in candidates) each.Dispose();
            folder.Delete(recursive: true);
        }
    }

    private static async Task AddCandidatesAsync(List<Candidate> candidates, string folder, PostgresServer? server, Target? sink, Options options)
    {
        var upstream = candidates[0].Target.Address;
        var gateway = new Gateway(options.Gateway, upstream);
        candidates.Add(new Candidate("YARP", () => Target.StartRoleAsync(["proxy", upstream.ToString()])));
        if (!options.IsShort) candidates.Add(new Candidate("ledger alone, SQLite", () => BareLedger.StartAsync(upstream, folder)));
        candidates.Add(new Candidate(CandidateNames.OnSqlite, () => gateway.StartAsync(Store.OnSqlite(folder, "ledger"))));
        if (server is not null) candidates.Add(await OnPostgresAsync(levels: 0));
        if (options.Levels > 0)
        {
            candidates.Add(new Candidate($"{CandidateNames.OnSqlite}{OfLevels(options.Levels)}", () => gateway.StartAsync(Store.OnSqlite(folder, "levels")))
            {
                Prepare = target => PlantAsync(target, options.Levels),
            });
            if (server is not null) candidates.Add(await OnPostgresAsync(options.Levels));
        }

        if (sink is not null) candidates.Add(new Candidate($"{CandidateNames.OnSqlite}, telemetry on", () => StartWithTelemetryAsync(gateway, folder, sink)));

        async Task<Candidate> OnPostgresAsync(int levels)
        {
            var store = await Store.OnPostgresAsync(server, $"ledger{levels}");
            return new Candidate($"{CandidateNames.OnPostgres}{OfLevels(levels)}", () => gateway.StartAsync(store))
            {
                Postgres = server,
                Prepare = levels > 0 ? target => PlantAsync(target, levels) : null,
            };
        }
    }

    private static string OfLevels(int levels) => levels > 0 ? $", budgets at {levels} levels" : "";

    private static async Task<string> PlantAsync(Target target, int levels) =>
        (await new Tenants(Organisations: 1, Users: 1, levels).CreateAsync(target.Address))[0];

    private static Task<Target> StartWithTelemetryAsync(Gateway gateway, string folder, Target sink) => gateway.StartAsync(
        Store.OnSqlite(folder, "telemetry"), ("OTEL_EXPORTER_OTLP_ENDPOINT", sink.Address.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));

    private static async Task<int> MeasureAsync(List<Candidate> candidates, CommittedTable? committed, Options options)
    {
        Candidate[] measured = [.. candidates.Where(each => !each.IsUpstream)];
        foreach (var each in measured)
        {
            Progress.Say($"cold starts of {each.Name}");
            await ColdStart.MeasureAsync(each, options.Starts);
            await Memory.MeasureStreamsAsync(each, options);
        }

        foreach (var each in measured) await each.StartAsync();
        var health = new LoadGeneratorHealth();
        await Rounds.RunAsync(candidates, options, health);
        foreach (var each in measured) await Memory.MeasureLoadAsync(each, options);
        var soak = options.SoakMinutes > 0 ? await Soak.RunAsync(candidates.Find(each => each.Name == CandidateNames.OnSqlite)!, options) : null;
        return Outcome.Report(new Table(candidates), health, soak, committed, options);
    }
}
