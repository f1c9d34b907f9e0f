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

    private const int Unbalanced = 1;

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
        await services.MigrateDatabaseAsync(CancellationToken.None);
        Console.WriteLine("The database schema is up to date.");
        return 0;
    }

    private static async Task<int> VerifyAsync(IServiceProvider services)
    {
        var found = await services.GetRequiredService<IMediator>().Send(new VerifyLedger());
        Console.WriteLine($"{found.Rows} usage records, {found.Held} held, {found.Differences.Count} differences.");
        foreach (var difference in found.Differences)
        {
            Console.WriteLine(
                $"user {difference.UserId}, {difference.Period.Kind} {difference.Period.Start:yyyy-MM-dd}, {difference.Field}: "
                + $"counter {difference.Counter}, records {difference.Records}");
        }

        return found.Balanced ? 0 : Unbalanced;
    }
}
