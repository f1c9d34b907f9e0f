using AiGateway.Api;
using AiGateway.Infrastructure.Configuration;

try
{
    var isServing = !Chores.IsChore(args);

    // Settings files lie beside the program, wherever it is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = isServing ? args : [],
        ContentRootPath = AppContext.BaseDirectory,
    });
    if (!isServing) builder.LogToStandardError();
    var settings = builder.ReadSettings();
    var warnings = builder.AddGateway(settings);

    await using var app = builder.Build();
    if (!isServing) return await Chores.RunAsync(args, app.Services);

    app.LogWarnings(warnings);
    await app.PrepareDatabaseAsync(settings);
    app.UseGateway(settings);
    await app.RunAsync();
    return 0;
}
catch (ConfigurationFaultsException faults)
{
    await Console.Error.WriteLineAsync(faults.Message);
    return Chores.Misconfigured;
}
