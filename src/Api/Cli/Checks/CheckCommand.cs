using AiGateway.Api.Errors;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Configuration.Providers;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Startup;
using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Api.Cli.Checks;

/// <summary>
/// <c>check</c>: tells what the gateway would start with, and every fault in one list, without serving and without a change
/// to the database. Values of settings are never printed, because they may be secrets.
/// </summary>
internal static class CheckCommand
{
    private const int Faulty = 1;

    private const string Usage = "usage: check   check settings, prices and database without serving; it takes no arguments";

    public static async Task<int> RunAsync(string[] options, WebApplicationBuilder builder, TextWriter output)
    {
        if (options.Length > 0)
        {
            await Console.Error.WriteLineAsync(Usage);
            return CommandLine.BadUsage;
        }

        var report = new CheckReport();
        var settings = CheckSettings(builder, report);
        var database = settings?.Database ?? GatewaySettings.ReadDatabase(builder.Configuration, builder.Environment.IsDevelopment());
        if (database is not null) await CheckDatabaseAsync(database, report);
        await output.WriteAsync(report.ToString());
        return report.HasFaults ? Faulty : 0;
    }

    private static GatewaySettings? CheckSettings(WebApplicationBuilder builder, CheckReport report)
    {
        try
        {
            var settings = builder.ReadSettings();
            report.Found("settings", $"{KnownSettings.All.Count(each => builder.Configuration[each.Name] is { Length: > 0 } value && value != each.Default)} differ from their defaults");
            report.Found("providers", string.Join(", ", settings.Providers.Names));
            report.Found("routes", $"{settings.Providers.Routes.Count}");
            foreach (var warning in settings.Warnings) report.Warn(warning);
            CheckPrices(settings, report);
            return settings;
        }
        catch (ConfigurationFaultsException faults)
        {
            report.Fault(faults);
            return null;
        }
    }

    private static void CheckPrices(GatewaySettings settings, CheckReport report)
    {
        var book = PriceBook.Load(settings.PricesFile);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var origin = settings.PricesFile is { } file ? $"the built-in ones and those of {file}" : "all built in";
        report.Found("prices", $"{book.Models.Sum(model => model.Prices.Count)} of {book.Models.Count} models ({origin}), version {book.Version}");
        if (PriceAgeCheck.Check(book, today) is { } old) report.Warn(old);
        if (PricedModelsCheck.Check(settings.Providers, book) is { Count: > 0 } unpriced) report.Fault(new ConfigurationFaultsException(unpriced));
        try
        {
            if (DefaultModelCheck.Check(settings.Defaults, settings.Providers, book, today) is { } retired) report.Warn(retired);
        }
        catch (ConfigurationFaultsException faults)
        {
            report.Fault(faults);
        }
    }

    private static async Task CheckDatabaseAsync(DatabaseSettings database, CheckReport report)
    {
        try
        {
            var state = await SchemaState.LookAsync(database, CancellationToken.None);
            if (database.LedgerConnectionString is { } direct) await SchemaState.LookAsync(database with { ConnectionString = direct }, CancellationToken.None);
            report.Found("database", $"{database.Kind}; {Describe(state)}");
            if (state.Problem is { } problem) report.Fault($"database: {problem} Give the process the right to write there, or change {KnownSettings.ConnectionString.Name}.");
            if (state.Missing == 0) return;
            if (!database.MigrateAtStart) report.Fault($"database: {KnownSettings.MigrateAtStart.Name} is false, and the schema is not up to date. Run the command migrate.");
            else report.Warn("The next start, or the command migrate, updates the schema. Make a back-up first where there is data.");
        }
        catch (Exception failure) when (DatabaseFailure.In(failure) is { } cause)
        {
            report.Found("database", $"{database.Kind}; it was not read");
            report.Fault($"database: {DatabaseFailure.Tell(cause)} Check that it runs and that {KnownSettings.ConnectionString.Name} is right.");
        }
    }

    private static string Describe(SchemaState state) => state switch
    {
        { Exists: false } => "it does not exist yet",
        { Missing: var missing } when missing == state.Needed => "it has no schema yet",
        { Missing: > 0 } => $"its schema lacks {state.Missing} of {state.Needed} migrations",
        { Unknown: > 0 } => $"its schema is newer than this version by {state.Unknown} migrations, which this version can use",
        _ => $"its schema is up to date ({state.Needed} migrations)",
    };
}
