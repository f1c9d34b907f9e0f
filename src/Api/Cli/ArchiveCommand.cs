using System.Globalization;
using AiGateway.Api.Errors;
using AiGateway.Application.Archive;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Api.Cli;

/// <summary><c>archive --before DAY --to FILE</c>, and <c>archive --finish FILE</c> after an interrupted run.</summary>
internal static class ArchiveCommand
{
    private const int Failed = 1;

    private const string Usage = """
        usage: archive --before yyyy-MM-dd --to FILE   write the usage records of the days before to a new file, then remove them
               archive --finish FILE                   remove the remaining records of a file, after an interrupted run
        """;

    public static async Task<int> RunAsync(string[] options, IServiceProvider services)
    {
        if (Parse(options) is not { } command)
        {
            await Console.Error.WriteLineAsync(Usage);
            return CommandLine.BadUsage;
        }

        try
        {
            var result = await services.GetRequiredService<CommandProgress>().ShowAsync(
                () => services.GetRequiredService<IMediator>().Send(command));
            Console.WriteLine(command is ArchiveUsage { Before: var day } && result.Written == 0
                ? $"There is nothing to archive: no finished usage record is from before {day:yyyy-MM-dd}. No file was written."
                : $"{result.Written} usage records in the file, {result.Removed} removed from the database.");
            return 0;
        }
        catch (InvalidRequestException refusal)
        {
            foreach (var fault in refusal.Faults) await Console.Error.WriteLineAsync($"--{fault.Field}: {fault.Message}");
            return CommandLine.BadUsage;
        }
        catch (IOException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return Failed;
        }
        catch (Exception failure) when (DatabaseFailure.In(failure) is { } cause)
        {
            await Console.Error.WriteLineAsync($"The database failed: {DatabaseFailure.Tell(cause)}");

            // An incomplete file is deleted, so a file that exists is complete.
            var file = FileOf(command);
            await Console.Error.WriteLineAsync(File.Exists(file)
                ? $"The file is complete. To remove its remaining records, run: archive --finish {file}"
                : "Nothing was removed. Run the command again when the database answers.");
            return Failed;
        }
    }

    private static string FileOf(IRequest<ArchiveResult> command) =>
        command is ArchiveUsage archive ? archive.To : ((FinishArchive)command).File;

    private static IRequest<ArchiveResult>? Parse(string[] options) => options switch
    {
        ["--before", var day, "--to", var file] => ToCommand(day, file),
        ["--to", var file, "--before", var day] => ToCommand(day, file),
        ["--finish", var file] => new FinishArchive(file),
        _ => null,
    };

    private static ArchiveUsage? ToCommand(string day, string file) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var before)
            ? new ArchiveUsage(before, file)
            : null;
}
