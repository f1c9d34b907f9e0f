using System.Text.Json;

namespace AiGateway.Infrastructure.Pricing.Import;

/// <summary>A public catalogue of prices, read from a downloaded file.</summary>
internal interface ICatalogue
{
    /// <summary>The catalogue's name, in <c>--from</c> and in the source of each imported price.</summary>
    string Name { get; }

    /// <summary>The wanted models. Models that are not wanted are not looked at.</summary>
    /// <param name="root">The whole file.</param>
    /// <param name="wanted">The wanted models.</param>
    /// <param name="today">The UTC day.</param>
    /// <exception cref="PriceFileException">The file has another form, or a price of a wanted model is faulty.</exception>
    IEnumerable<CatalogueModel> Read(JsonElement root, WantedModels wanted, DateOnly today);
}

/// <summary>Which models are imported: exact names, never prefixes.</summary>
/// <param name="Providers">The allowed sellers, by the gateway's names.</param>
/// <param name="Includes">Whether a model of a seller is wanted.</param>
internal sealed record WantedModels(IReadOnlyCollection<string> Providers, Func<string, string, bool> Includes);
