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

    /// <summary>The command has arguments that it does not take.</summary>
    public const int BadUsage = 64;

    private const int Unsound = 1;

    private static readonly string[] Names = ["check", "migrate", "verify", "backup", "restore", "archive", "prices", "admin-key", "schema", "health", "--version"];

    public static bool IsCommand(string[] args) => args.Length > 0 && Names.Contains(args[0], StringComparer.Ordinal);

    /// <summary>Whether the first argument is a word that names no command. Settings as arguments begin with a dash or a slash, or have an equals sign.</summary>
    public static bool IsUnknown(string[] args) => args.Length > 0 && !IsCommand(args) && args[0] is not ['-' or '/', ..] && !args[0].Contains('=', StringComparison.Ordinal);

    public static int RefuseUnknown(string word, TextWriter errors)
    {
        errors.WriteLine($"There is no command {word}. The commands are {string.Join(", ", Names)}. Without a command the gateway serves.");
        return BadUsage;
    }

    public static Task<int> RunAsync(string[] args, IServiceProvider services) => args[0] switch
    {
        "migrate" or "verify" when args.Length > 1 => RefuseArgumentsAsync(args[0]),
        "migrate" => MigrateAsync(services),
        "verify" => VerifyAsync(services),
        "backup" or "restore" => BackupCommand.RunAsync(args[0], args[1..], services),
        "admin-key" => AdminKeyCommand.RunAsync(args[1..], services),
        _ => ArchiveCommand.RunAsync(args[1..], services),
    };

    private static async Task<int> RefuseArgumentsAsync(string command)
    {
        await Console.Error.WriteLineAsync($"The command {command} takes no arguments.");
        return BadUsage;
    }

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
