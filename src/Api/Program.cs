using AiGateway.Api;
using AiGateway.Api.Cli;
using AiGateway.Api.Cli.Checks;
using AiGateway.Api.Errors;
using AiGateway.Api.Logging;
using AiGateway.Infrastructure.Configuration;

Cultures.UseInvariant();
if (args is ["--version"]) return VersionCommand.Run(Console.Out);
if (args is ["health", .. var healthOptions]) return await HealthCommand.RunAsync(healthOptions, Console.Out, Console.Error);
if (args is ["schema", .. var schemaOptions]) return SchemaCommand.Run(schemaOptions, Console.Out, Console.Error);
if (CommandLine.IsUnknown(args)) return CommandLine.RefuseUnknown(args[0], Console.Error);
try
{
    var isServing = !CommandLine.IsCommand(args);

    // Settings files lie beside the program, not in the working directory.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = isServing ? args : [],
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.AddLogOutput(toStandardError: !isServing);
    if (args is ["prices", .. var options]) return await PricesCommand.RunAsync(options, builder.ReadPricesFile(), Console.Out, Console.Error, CommandProgress.OfProcess());
    if (args is ["check", .. var checkOptions]) return await CheckCommand.RunAsync(checkOptions, builder, Console.Out);
    var settings = builder.ReadSettings();
    var warnings = builder.AddGateway(settings);

    if (!isServing) CommandProgress.AddTo(builder.Services);

    // Under systemd, or as a Windows service, the gateway says when it serves, and the service manager stops it.
    builder.Services.AddSystemd().AddWindowsService();

    await using var app = builder.Build();
    if (!isServing) return await CommandLine.RunAsync(args, app.Services);

    app.LogWarnings(warnings);
    await app.PrepareDatabaseAsync(settings);
    app.UseGateway(settings);
    await app.RunAsync();
    return 0;
}
catch (ConfigurationFaultsException faults)
{
    await Console.Error.WriteLineAsync(faults.Message);
    return CommandLine.Misconfigured;
}
catch (Exception failure) when (DatabaseFailure.In(failure) is { } cause)
{
    await Console.Error.WriteLineAsync(
        $"The database failed: {DatabaseFailure.Tell(cause)} The program stopped. "
        + "Check that the database runs and that ConnectionStrings:Gateway is right.");
    return CommandLine.Failed;
}
