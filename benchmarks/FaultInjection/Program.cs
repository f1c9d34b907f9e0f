using AiGateway.FaultInjection;
using AiGateway.Testing;

const int ProblemsShown = 20;
const int Misused = 64;
const int NoPostgres = 69;

if (!Options.TryParse(args, out var options))
{
    Console.Error.WriteLine("Options, each with a value: --minutes N, --only NAME, --output FILE");
    return Misused;
}

using var server = PostgresServer.TryStart();
if (server is null)
{
    Console.Error.WriteLine("PostgreSQL's programs (initdb, postgres) are not installed here.");
    return NoPostgres;
}

var verdicts = await Suite.RunAsync(server, options.Length, options.Only, verdict =>
{
    Console.Error.WriteLine($"{verdict.Scenario}: {(verdict.IsClean ? "clean" : "NOT CLEAN")}; {verdict.Load}; {verdict.Faults}");
    foreach (var problem in verdict.Problems.Take(ProblemsShown)) Console.Error.WriteLine($"  {problem}");
});
var table = Report.Compose(verdicts, options.Length);
Console.WriteLine(table);
if (options.Output is { } file) await File.WriteAllTextAsync(file, table);
return verdicts.All(verdict => verdict.IsClean) ? 0 : 1;
