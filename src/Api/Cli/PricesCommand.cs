using System.Globalization;
using AiGateway.Domain;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Infrastructure.Pricing.Import;

namespace AiGateway.Api.Cli;

/// <summary><c>prices import FILE --from CATALOGUE</c>: makes a price file of a downloaded catalogue. It needs no settings.</summary>
internal static class PricesCommand
{
    private const int Failed = 1;

    private static readonly string Usage = $"""
        usage: prices import FILE --from CATALOGUE [--provider NAME]... [--model NAME]... [--out FILE] [--allow-jump]
               CATALOGUE is one of {string.Join(", ", PriceImport.Catalogues)}
               --provider NAME  only this seller, by its name in the price book; default: every seller of the book
               --model NAME     only this model, which may be new; default: every model of the book
               --out FILE       write the price file to this new file; default: to standard output
               --allow-jump     accept prices that are more than four times as high or low as before
        """;

    /// <param name="options">The arguments after <c>prices</c>.</param>
    /// <param name="pricesFile">The operator's price file; null: none.</param>
    /// <param name="output">Where the price file goes, unless a file is named.</param>
    /// <param name="report">Where everything else goes.</param>
    /// <param name="progress">Shows how far it is.</param>
    public static async Task<int> RunAsync(string[] options, string? pricesFile, TextWriter output, TextWriter report, CommandProgress progress)
    {
        if (Parse(options, pricesFile, out var outFile) is not { } order)
        {
            await report.WriteLineAsync(Usage);
            return CommandLine.BadUsage;
        }

        try
        {
            var result = await progress.ShowAsync(() => Task.FromResult(PriceImport.Run(order, progress)));
            await WriteAsync(result.PriceFile, outFile, output);
            await ReportAsync(result, order.Today, outFile, report);
            return 0;
        }
        catch (PriceFileException refusal)
        {
            foreach (var fault in refusal.Faults) await report.WriteLineAsync(fault);
            await report.WriteLineAsync("No price file was written, and the prices in use stay as they are.");
            return Failed;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await report.WriteLineAsync($"The price file was not written: {failure.Message}");
            return Failed;
        }
    }

    private static PriceImportOrder? Parse(string[] options, string? pricesFile, out string? outFile)
    {
        outFile = null;
        if (options is not ["import", var file, .. var rest] || file.StartsWith('-')) return null;
        string? catalogue = null;
        var (providers, models, allowJump) = (new List<string>(), new List<string>(), false);
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == "--allow-jump")
            {
                allowJump = true;
                continue;
            }

            var (name, value) = (rest[i], ++i < rest.Length ? rest[i] : null);
            if (value is null) return null;
            if (name == "--from") catalogue = value;
            else if (name == "--provider") providers.Add(value);
            else if (name == "--model") models.Add(value);
            else if (name == "--out") outFile = value;
            else return null;
        }

        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        return catalogue is not null && PriceImport.Catalogues.Contains(catalogue)
            ? new PriceImportOrder(file, catalogue, pricesFile, providers, models, allowJump, today)
            : null;
    }

    private static async Task WriteAsync(string priceFile, string? outFile, TextWriter output)
    {
        if (outFile is null)
        {
            await output.WriteAsync(priceFile);
            return;
        }

        await using var stream = new FileStream(outFile, FileMode.CreateNew, FileAccess.Write);
        await using var writer = new StreamWriter(stream);
        await writer.WriteAsync(priceFile);
    }

    private static async Task ReportAsync(PriceImportResult result, DateOnly today, string? outFile, TextWriter report)
    {
        foreach (var entry in result.Changed)
        {
            var price = entry.PriceOn(today);
            await report.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Model} of {entry.Provider}: input {Usd(price.InputNanoUsdPerMillion)}, output {Usd(price.OutputNanoUsdPerMillion)} USD per million tokens from {price.EffectiveFrom:yyyy-MM-dd} on, {entry.Prices.Count} prices in all"));
        }

        foreach (var reason in result.Skipped) await report.WriteLineAsync($"Skipped: {reason}.");
        await report.WriteLineAsync($"{result.Changed.Count} models changed, {result.Unchanged} have the same price, {result.Skipped.Count} were skipped.");
        if (outFile is not null) await report.WriteLineAsync($"Check {outFile}, set AI_GATEWAY_PRICES to it, and restart every gateway.");
    }

    private static string Usd(long nanoUsd) => Money.ToUsd(nanoUsd).ToString("0.#########", CultureInfo.InvariantCulture);
}
