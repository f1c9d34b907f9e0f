using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AiGateway.Application.Progress;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing.Import;

/// <summary>
/// Turns a downloaded catalogue into a price file: the operator's entries, and the entries whose price changed with a new
/// dated row. Nothing is fetched, and nothing is written on a fault.
/// </summary>
public static class PriceImport
{
    private const int MaxFileBytes = 64 * 1024 * 1024;
    private static readonly ICatalogue[] All = [new GenAiPricesCatalogue(), new LiteLlmCatalogue(), new ModelsDevCatalogue()];

    /// <summary>The names of the catalogues.</summary>
    public static IReadOnlyList<string> Catalogues { get; } = [.. All.Select(catalogue => catalogue.Name)];

    /// <summary>Reads the catalogue and applies every rule.</summary>
    /// <param name="order">What to import.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <exception cref="PriceFileException">The catalogue or the operator's price file cannot be used; every fault is named.</exception>
    public static PriceImportResult Run(PriceImportOrder order, IWorkProgress progress)
    {
        using var step = progress.Begin($"Compare the prices of {order.Catalogue}");
        var content = ReadFile(order.CatalogueFile);
        using var json = Parse(content, order.CatalogueFile);
        var own = order.PricesFile is { } file ? PriceBook.Read(file) : new PriceFile([], null);
        var book = PriceBook.Of(own).Models.ToDictionary(model => (model.Provider, model.Model));
        var catalogue = Array.Find(All, each => each.Name == order.Catalogue)
            ?? throw new PriceFileException([$"the catalogue {order.Catalogue} is not known; known are {string.Join(", ", Catalogues)}"]);

        var faults = new List<string>();
        var merge = new ImportedEntry(order.AllowJump, order.Today, SourceOf(catalogue, content, order.Today), faults);
        var entries = own.Models.ToDictionary(model => (model.Provider, model.Model));
        var (found, changed, skipped) = (new HashSet<(string, string)>(), new List<PricedModel>(), new List<string>());
        foreach (var model in catalogue.Read(json.RootElement, WantedBy(order, book), order.Today))
        {
            var key = (model.Provider, model.Model);
            if (!found.Add(key)) throw new PriceFileException([$"{model.Model} of {model.Provider}: is in the catalogue twice"]);
            var existing = book.GetValueOrDefault(key);
            if (Obstacle(model, existing) is { } reason)
            {
                skipped.Add($"{model.Model} of {model.Provider}: {reason}");
                continue;
            }

            var entry = existing is null ? merge.Create(model) : merge.Extend(existing, model);
            if (entry is null || ReferenceEquals(entry, existing)) continue;
            entries[key] = entry;
            changed.Add(entry);
        }

        faults.AddRange(order.Models.Where(name => !found.Any(each => each.Item2 == name))
            .Select(name => $"the model {name} is not in the catalogue for {string.Join(", ", ProvidersOf(order, book))}"));
        faults.AddRange(order.Providers.Where(name => !found.Any(each => each.Item1 == name))
            .Select(name => $"the catalogue has no wanted model of the provider {name}; name a model that is new to the price book with --model"));
        if (faults.Count > 0) throw new PriceFileException(faults);
        var checkedOn = order.Models.Count == 0 && order.Providers.Count == 0 ? order.Today : own.CheckedOn;
        return new PriceImportResult(
            PriceFileText.Write(new PriceFile([.. entries.Values], checkedOn)),
            changed,
            found.Count - changed.Count - skipped.Count,
            skipped);
    }

    private static string? Obstacle(CatalogueModel model, PricedModel? existing)
    {
        if (model.Unusable is not null) return model.Unusable;
        return existing is not null && existing.Prices.Any(price => price.PeakHours.Count > 0)
            ? "its price in the book has peak hours, which the catalogue does not state"
            : null;
    }

    private static WantedModels WantedBy(PriceImportOrder order, Dictionary<(string, string), PricedModel> book) => new(
        ProvidersOf(order, book),
        (provider, model) => order.Models.Count > 0 ? order.Models.Contains(model) : book.ContainsKey((provider, model)));

    private static IReadOnlyCollection<string> ProvidersOf(PriceImportOrder order, Dictionary<(string Provider, string Model), PricedModel> book) =>
        order.Providers.Count > 0 ? order.Providers : book.Keys.Select(key => key.Provider).ToHashSet(StringComparer.Ordinal);

    private static string SourceOf(ICatalogue catalogue, byte[] content, DateOnly today) => string.Create(
        CultureInfo.InvariantCulture,
        $"{catalogue.Name}, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(content))}, imported {today:yyyy-MM-dd}");

    private static byte[] ReadFile(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxFileBytes
                ? File.ReadAllBytes(path)
                : throw new PriceFileException([$"the file {path} is larger than {MaxFileBytes / 1024 / 1024} MiB"]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new PriceFileException([$"the file {path} cannot be read ({failure.GetType().Name})"]);
        }
    }

    private static JsonDocument Parse(byte[] content, string path)
    {
        try
        {
            return JsonDocument.Parse(content, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException malformed)
        {
            var line = malformed.LineNumber is { } number ? $", line {number + 1}" : "";
            throw new PriceFileException([$"the file {path} is not valid JSON{line}, or has a member twice"]);
        }
    }
}

/// <summary>What to import.</summary>
/// <param name="CatalogueFile">The downloaded file.</param>
/// <param name="Catalogue">One of <see cref="PriceImport.Catalogues"/>.</param>
/// <param name="PricesFile">The operator's price file, whose entries are kept; null: none.</param>
/// <param name="Providers">Sellers by the gateway's names; empty: those of the price book.</param>
/// <param name="Models">Exact names, which may be new; empty: every model of the price book.</param>
/// <param name="AllowJump">Whether a price may become more than four times as high or low.</param>
/// <param name="Today">The UTC day.</param>
public sealed record PriceImportOrder(
    string CatalogueFile,
    string Catalogue,
    string? PricesFile,
    IReadOnlyCollection<string> Providers,
    IReadOnlyCollection<string> Models,
    bool AllowJump,
    DateOnly Today);

/// <summary>The outcome of an import.</summary>
/// <param name="PriceFile">The new price file, as JSON.</param>
/// <param name="Changed">Entries with a new price.</param>
/// <param name="Unchanged">The number of models whose price is the same.</param>
/// <param name="Skipped">Models whose price a price file cannot hold, each with the reason.</param>
public sealed record PriceImportResult(string PriceFile, IReadOnlyList<PricedModel> Changed, int Unchanged, IReadOnlyList<string> Skipped);
