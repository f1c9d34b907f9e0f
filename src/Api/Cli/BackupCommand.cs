using AiGateway.Api.Errors;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Backups;

namespace AiGateway.Api.Cli;

/// <summary><c>backup FILE</c> and <c>restore FILE</c> of a SQLite database. The other engines have programs of their own.</summary>
internal static class BackupCommand
{
    private const int Failed = 1;

    public static async Task<int> RunAsync(string command, string[] options, IServiceProvider services)
    {
        if (options is not [var file])
        {
            await Console.Error.WriteLineAsync(command == "backup"
                ? "usage: backup FILE   write the SQLite database to a new file, while gateways run"
                : "usage: restore FILE   put a file of the command backup in the place of the SQLite database, with all gateways stopped");
            return CommandLine.BadUsage;
        }

        var settings = services.GetRequiredService<DatabaseSettings>();
        if (settings.Kind != DatabaseKind.Sqlite)
        {
            await Console.Error.WriteLineAsync(
                $"The database is {settings.Kind}, and this command is for Sqlite. Use the back-up programs of the server; docs/operations.md names them.");
            return CommandLine.BadUsage;
        }

        try
        {
            if (command == "backup") Console.WriteLine(Write(settings, file));
            else Console.WriteLine(Restore(settings, file));
            return 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
        }
        catch (Exception failure) when (DatabaseFailure.In(failure) is { } cause)
        {
            await Console.Error.WriteLineAsync($"The database failed: {DatabaseFailure.Tell(cause)} {(command == "backup" ? "No back-up was written." : "Nothing was restored.")}");
        }

        return Failed;
    }

    private static string Write(DatabaseSettings settings, string file)
    {
        SqliteBackup.Write(settings, file);
        return $"The database was written to {file}, and the copy is sound.";
    }

    private static string Restore(DatabaseSettings settings, string file) => SqliteBackup.Restore(settings, file) is { } former
        ? $"The database was restored. The former one is {former}. Start the gateway, and run verify."
        : "The database was restored. Start the gateway, and run verify.";
}
