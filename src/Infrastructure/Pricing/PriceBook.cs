using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AiGateway.Application.Pricing;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>The built-in prices with the operator's file merged over them. It never changes while the gateway runs.</summary>
public sealed class PriceBook : IPriceBook
{
    private const int VersionHashLength = 12;
    private readonly PriceRows _rows;

    private PriceBook(PriceFile builtIn, PriceFile own)
    {
        var merged = builtIn.Models.ToDictionary(model => (model.Provider, model.Model));
        foreach (var model in own.Models) merged[(model.Provider, model.Model)] = model;
        PricedModel[] models = [.. merged.Values.OrderBy(model => model.Provider, StringComparer.Ordinal).ThenBy(model => model.Model, StringComparer.Ordinal)];
        _rows = PriceRows.OfRunning(models, own.Models.Select(model => (model.Provider, model.Model)).ToHashSet());
        CheckedOn = own.CheckedOn > builtIn.CheckedOn || builtIn.CheckedOn is null ? own.CheckedOn : builtIn.CheckedOn;
        Version = VersionOf(Models, CheckedOn);
    }

    /// <inheritdoc/>
    public string Version { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PricedModel> Models => _rows.Models;

    /// <inheritdoc/>
    public DateOnly? CheckedOn { get; }

    /// <summary>The built-in book, with entries replaced by those of a file.</summary>
    /// <param name="pricesFile">Path of the file (<c>AI_GATEWAY_PRICES</c>); null: the built-in book alone.</param>
    /// <exception cref="PriceFileException">The file cannot be read or has faults, each named with its line.</exception>
    public static PriceBook Load(string? pricesFile) =>
        Of(pricesFile is null ? new PriceFile([], null) : Read(pricesFile));

    /// <summary>The built-in book, with entries replaced by those of the operator's file.</summary>
    internal static PriceBook Of(PriceFile own) => new(BuiltIn(), own);

    /// <inheritdoc/>
    public PricedModel? Find(string provider, string model) => _rows.Find(provider, model);

    /// <inheritdoc/>
    public PricedModel? FindPriced(string pricedAs, string model) => _rows.FindPriced(pricedAs, model);

    private static PriceFile BuiltIn()
    {
        using var resource = typeof(PriceBook).Assembly.GetManifestResourceStream("prices.json")!;
        using var content = new MemoryStream();
        resource.CopyTo(content);
        return Read(content.ToArray(), "the built-in prices.json");
    }

    /// <summary>The operator's file.</summary>
    /// <exception cref="PriceFileException">The file cannot be read or has faults, each named with its line.</exception>
    internal static PriceFile Read(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new PriceFileException([$"the file {path} cannot be read ({failure.GetType().Name})"]);
        }
    }

    private static PriceFile Read(byte[] content, string name)
    {
        var faults = new List<string>();
        var file = PriceFile.Read(content, faults);
        return faults.Count == 0 ? file : throw new PriceFileException([.. faults.Select(fault => $"{name} {fault}")]);
    }

    /// <summary>The version: the day of the last check, for ordering, and a hash of the content.</summary>
    private static string VersionOf(IReadOnlyList<PricedModel> models, DateOnly? checkedOn)
    {
        var day = checkedOn ?? models.SelectMany(model => model.Prices).Max(price => price.EffectiveFrom);
        var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(models, PriceJson.Default.IReadOnlyListPricedModel)));
        return string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}-{hash[..VersionHashLength]}");
    }
}
