using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AiGateway.Application.Pricing;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>The built-in prices with the operator's file merged over them. It never changes while the gateway runs.</summary>
public sealed class PriceBook : IPriceBook
{
    /// <summary>The preferred provider where several serve a model.</summary>
    private const string FirstSeller = "openai";
    private const string FineTuned = "ft:";
    private const int VersionHashLength = 12;
    private readonly FrozenDictionary<string, PricedModel[]> _sellers;

    private PriceBook(IEnumerable<PricedModel> models)
    {
        Models = [.. models.OrderBy(model => model.Provider, StringComparer.Ordinal).ThenBy(model => model.Model, StringComparer.Ordinal)];
        Version = VersionOf(Models);
        _sellers = Models
            .GroupBy(model => model.Model, StringComparer.Ordinal)
            .ToFrozenDictionary(
                group => group.Key,
                group => group.OrderByDescending(model => model.Provider == FirstSeller).ToArray(),
                StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Version { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PricedModel> Models { get; }

    /// <summary>The built-in book, with entries replaced by those of a file.</summary>
    /// <param name="pricesFile">Path of the file (<c>AI_GATEWAY_PRICES</c>); null: the built-in book alone.</param>
    /// <exception cref="PriceFileException">The file cannot be read or has faults, each named with its line.</exception>
    public static PriceBook Load(string? pricesFile)
    {
        var merged = BuiltIn().ToDictionary(model => (model.Provider, model.Model));
        if (pricesFile is not null)
        {
            foreach (var model in Read(pricesFile)) merged[(model.Provider, model.Model)] = model;
        }

        return new PriceBook(merged.Values);
    }

    /// <inheritdoc/>
    public PricedModel? Find(string provider, string model)
    {
        if (!_sellers.TryGetValue(model, out var sellers)) return FindUndated(provider, model);
        foreach (var seller in sellers)
        {
            if (seller.Provider == provider) return seller;
        }

        return sellers[0];
    }

    // A dated name without a price of its own has the price of its alias: gpt-6-luna-2026-07-09 that of gpt-6-luna. The prices
    // of fine-tuned models follow no such rule.
    private PricedModel? FindUndated(string provider, string model)
    {
        const string Suffix = "-yyyy-MM-dd";
        if (model.Length <= Suffix.Length || model.StartsWith(FineTuned, StringComparison.Ordinal)) return null;
        return DateOnly.TryParseExact(model.AsSpan()[^Suffix.Length..], "'-'yyyy'-'MM'-'dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && _sellers.ContainsKey(model[..^Suffix.Length])
            ? Find(provider, model[..^Suffix.Length])! with { Model = model }
            : null;
    }

    private static IReadOnlyList<PricedModel> BuiltIn()
    {
        using var resource = typeof(PriceBook).Assembly.GetManifestResourceStream("prices.json")!;
        using var content = new MemoryStream();
        resource.CopyTo(content);
        return Read(content.ToArray(), "the built-in prices.json");
    }

    private static IReadOnlyList<PricedModel> Read(string path)
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

    private static IReadOnlyList<PricedModel> Read(byte[] content, string name)
    {
        var faults = new List<string>();
        var models = PriceFile.Read(content, faults);
        return faults.Count == 0 ? models : throw new PriceFileException([.. faults.Select(fault => $"{name} {fault}")]);
    }

    /// <summary>The version: the date of the newest price, for ordering, and a hash of the content.</summary>
    private static string VersionOf(IReadOnlyList<PricedModel> models)
    {
        var newest = models.SelectMany(model => model.Prices).Max(price => price.EffectiveFrom);
        var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(models)));
        return string.Create(CultureInfo.InvariantCulture, $"{newest:yyyy-MM-dd}-{hash[..VersionHashLength]}");
    }
}
