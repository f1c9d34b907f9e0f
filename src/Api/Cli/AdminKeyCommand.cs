using AiGateway.Api.Errors;
using AiGateway.Application.ApiKeys;
using MediatR;

namespace AiGateway.Api.Cli;

/// <summary>
/// <c>admin-key</c>: prints a new administrator key, once, for an operator who has none. Standard output holds the key
/// alone, so a script can pass it on without showing it.
/// </summary>
internal static class AdminKeyCommand
{
    private const int Failed = 1;

    private const string Usage = "usage: admin-key   print a new API key with every scope; it takes no arguments";

    public static async Task<int> RunAsync(string[] options, IServiceProvider services)
    {
        if (options.Length > 0)
        {
            await Console.Error.WriteLineAsync(Usage);
            return CommandLine.BadUsage;
        }

        try
        {
            var created = await services.GetRequiredService<IMediator>().Send(new CreateAdministratorKey());
            await Console.Error.WriteLineAsync(
                $"Created an administrator key for user {created.Key.UserId}. It is shown only this once. Its id is {created.Key.Id}. Revoke it when you no longer need it.");
            Console.WriteLine(created.Secret);
            return 0;
        }
        catch (Exception failure) when (DatabaseFailure.In(failure) is { } cause)
        {
            await Console.Error.WriteLineAsync(
                $"The database failed: {DatabaseFailure.Tell(cause)} No key was created. Check that the database can be reached and that its schema is up to date (migrate).");
            return Failed;
        }
    }
}
