using AiGateway.Api.Contracts;
using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Infrastructure.Persistence.Startup;
using MediatR;

namespace AiGateway.Api.Cli;

/// <summary>The sub-commands of the program. Each returns an exit code.</summary>
internal static class CommandLine
{
    /// <summary>A setting is wrong.</summary>
    public const int Misconfigured = 78;

    /// <summary>The database does not answer, or the command failed.</summary>
    public const int Failed = 1;

    private const int Unsound = 1;

    public static bool IsCommand(string[] args) => args is ["migrate"] or ["verify"] or ["archive", ..] or ["admin-key", ..] or ["prices", ..];

    public static Task<int> RunAsync(string[] args, IServiceProvider services) => args[0] switch
    {
        "migrate" => MigrateAsync(services),
        "verify" => VerifyAsync(services),
        "admin-key" => AdminKeyCommand.RunAsync(args[1..], services),
        _ => ArchiveCommand.RunAsync(args[1..], services),
    };

    private static async Task<int> MigrateAsync(IServiceProvider services)
    {
        await services.GetRequiredService<CommandProgress>().ShowAsync(async () =>
        {
            await services.MigrateDatabaseAsync(CancellationToken.None);
            return 0;
        });
        Console.WriteLine("The database schema is up to date.");
        return 0;
    }

    private static async Task<int> VerifyAsync(IServiceProvider services)
    {
        var found = await services.GetRequiredService<CommandProgress>().ShowAsync(
            () => services.GetRequiredService<IMediator>().Send(new VerifyLedger()));
        var ledger = found.Ledger;
        Console.WriteLine($"{ledger.Rows} usage records, {ledger.Held} held, {ledger.Differences.Count + ledger.BudgetDifferences.Count} differences.");
        foreach (var difference in ledger.Differences)
        {
            Console.WriteLine(
                $"user {difference.UserId}, {difference.Period.Kind} {difference.Period.Start:yyyy-MM-dd}, {difference.Field}: "
                + $"counter {difference.Counter}, records {difference.Records}");
        }

        foreach (var difference in ledger.BudgetDifferences)
        {
            var scope = difference.Scope;
            Console.WriteLine(
                $"budget of {WireName.Of(scope.Kind)} {scope.ScopeId}{(scope.Model is null ? "" : $", models {scope.Model}")}"
                + $"{(scope.EndUser is null ? "" : $", end user {scope.EndUser}")}, {difference.Window} {difference.Start:yyyy-MM-dd}, "
                + $"{difference.Field}: counter {difference.Counter}, records {difference.Records}");
        }

        foreach (var line in Describe(found.Audit)) Console.WriteLine(line);
        return found.IsSound ? 0 : Unsound;
    }

    private static IEnumerable<string> Describe(AuditVerification audit)
    {
        yield return audit.Head is { } head
            ? $"{audit.Rows} rows in the audit log; the last is row {head.Sequence} with hash {head.Hash}."
            : "The audit log has no rows.";
        if (audit.Fault is not { } fault) yield break;
        yield return fault.Problem switch
        {
            AuditProblem.Missing => $"audit log, row {fault.Sequence}: it is missing",
            AuditProblem.Changed => $"audit log, row {fault.Sequence}, {fault.Id}: it was changed, because its hash does not fit its members",
            _ => $"audit log, row {fault.Sequence}, {fault.Id}: it does not follow row {fault.Sequence - 1}, so one of the two was replaced",
        };
    }
}
