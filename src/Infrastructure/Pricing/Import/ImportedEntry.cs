using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing.Import;

/// <summary>Adds the prices of a catalogue to an entry of the book, as new dated rows; old rows stay.</summary>
/// <param name="allowJump">Whether a price may become more than four times as high or low.</param>
/// <param name="today">The UTC day, and the first day of a price that is in force.</param>
/// <param name="source">The source of the new rows.</param>
/// <param name="faults">Where faults go.</param>
internal sealed class ImportedEntry(bool allowJump, DateOnly today, string source, List<string> faults)
{
    private const int MaxChange = 4;

    /// <summary>The entry with the new rows; the entry itself when no price changes.</summary>
    public PricedModel Extend(PricedModel entry, CatalogueModel model)
    {
        var rows = entry.Prices.ToList();
        Add(rows, entry, today, model.Current!);
        foreach (var (from, price) in model.Announced) Add(rows, entry, from, price);
        return rows.SequenceEqual(entry.Prices) ? entry : entry with { Prices = rows };
    }

    /// <summary>An entry for a model that the book does not have; null when the catalogue does not describe it whole.</summary>
    public PricedModel? Create(CatalogueModel model)
    {
        if (model.ContextWindow is not { } window || model.MaxOutputTokens is not { } maxOutput)
        {
            faults.Add($"{Place(model)}: is not in the price book, and the catalogue does not state its context window and output limit; add it to the price file by hand");
            return null;
        }

        var entry = new PricedModel
        {
            Model = model.Model,
            Provider = model.Provider,
            Capabilities = new ModelCapabilities
            {
                ContextWindow = window,
                MaxOutputTokens = Math.Min(maxOutput, window),
                Chat = model.Capabilities.Contains("chat"),
                Embeddings = model.Capabilities.Contains("embeddings"),
                Tools = model.Capabilities.Contains("tools"),
                Reasoning = model.Capabilities.Contains("reasoning"),
                StructuredOutput = model.Capabilities.Contains("structuredOutput"),
                Vision = model.Capabilities.Contains("vision"),
            },
            Prices = [],
        };
        return Extend(entry, model);
    }

    private static string Place(CatalogueModel model) => $"{model.Model} of {model.Provider}";

    private void Add(List<ModelPrice> rows, PricedModel entry, DateOnly from, CataloguePrice price)
    {
        var place = $"{entry.Model} of {entry.Provider}";
        var before = rows.FindLast(row => row.EffectiveFrom <= from) ?? rows.FirstOrDefault();
        if (!IsWhole(price, before, hasOutput: entry.Capabilities.MaxOutputTokens > 0, place)) return;
        var row = Merge(price, before, from, place);
        if (before is not null && row == before with { EffectiveFrom = from, Source = source }) return;
        if (before is not null && !allowJump) RequireNoJump(before, row, place);
        var same = rows.FindIndex(each => each.EffectiveFrom == from);
        if (same >= 0 && from <= today)
        {
            faults.Add($"{place}: already has another price from {from:yyyy-MM-dd} on; import it tomorrow, or edit the price file");
            return;
        }

        // A price of a day to come has charged nothing yet.
        if (same >= 0) rows.RemoveAt(same);
        rows.Add(row);
        rows.Sort((left, right) => left.EffectiveFrom.CompareTo(right.EffectiveFrom));
    }

    private bool IsWhole(CataloguePrice price, ModelPrice? before, bool hasOutput, string place)
    {
        var count = faults.Count;
        Require("input", price.Input, before?.InputNanoUsdPerMillion, place);
        if (hasOutput) Require("output", price.Output, before?.OutputNanoUsdPerMillion, place);
        return faults.Count == count;
    }

    private void Require(string name, long? amount, long? before, string place)
    {
        if (amount is null) faults.Add($"{place}: has no {name} price");
        else if (amount == 0 && before != 0) faults.Add($"{place}: its {name} price is 0, and the price book does not say that it is free");
    }

    private void RequireNoJump(ModelPrice before, ModelPrice after, string place)
    {
        RequireNoJump("input", before.InputNanoUsdPerMillion, after.InputNanoUsdPerMillion, place);
        RequireNoJump("output", before.OutputNanoUsdPerMillion, after.OutputNanoUsdPerMillion, place);
        RequireNoJump("cached input", before.CachedInputNanoUsdPerMillion, after.CachedInputNanoUsdPerMillion, place);
        RequireNoJump("cache write", before.CacheWriteNanoUsdPerMillion, after.CacheWriteNanoUsdPerMillion, place);
        RequireNoJump("one-hour cache write", before.CacheWrite1hNanoUsdPerMillion, after.CacheWrite1hNanoUsdPerMillion, place);
    }

    private void RequireNoJump(string name, long? before, long? after, string place)
    {
        if (before is not { } old || after is not { } now || (now <= (Int128)old * MaxChange && (Int128)now * MaxChange >= old)) return;
        faults.Add(
            $"{place}: its {name} price changes from {Money.ToUsd(old):0.#########} to {Money.ToUsd(now):0.#########} USD per million tokens, "
            + $"more than {MaxChange} times; check it, and say --allow-jump if it is right");
    }

    // What the catalogue does not state is kept, except cache prices beside another input price: those tokens then cost as
    // ordinary input. A cache price of zero counts as not stated, since catalogues write it for unknown ones.
    private ModelPrice Merge(CataloguePrice price, ModelPrice? before, DateOnly from, string place)
    {
        var input = price.Input!.Value;
        var kept = before?.InputNanoUsdPerMillion == input ? before : null;
        var row = (before ?? new ModelPrice { EffectiveFrom = from, InputNanoUsdPerMillion = 0, OutputNanoUsdPerMillion = 0 }) with
        {
            EffectiveFrom = from,
            InputNanoUsdPerMillion = input,
            OutputNanoUsdPerMillion = price.Output ?? 0,
            CachedInputNanoUsdPerMillion = Stated(price.CachedInput) ?? kept?.CachedInputNanoUsdPerMillion,
            CacheWriteNanoUsdPerMillion = Stated(price.CacheWrite) ?? kept?.CacheWriteNanoUsdPerMillion,
            CacheWrite1hNanoUsdPerMillion = Stated(price.CacheWrite1h) ?? kept?.CacheWrite1hNanoUsdPerMillion,
            Source = source,
        };
        if (price.Long is not { } higher) return row;
        return row with
        {
            // A vendor that says "from 200,000 on" has the threshold 199,999 in the book, and 200,000 in a catalogue.
            LongContextAboveTokens = before?.LongContextAboveTokens == price.LongAbove - 1 ? before.LongContextAboveTokens : price.LongAbove,
            LongContextInputPercent = Percent(
                place,
                (price.Input, higher.Input),
                (price.CachedInput, higher.CachedInput),
                (price.CacheWrite, higher.CacheWrite),
                (price.CacheWrite1h, higher.CacheWrite1h)),
            LongContextOutputPercent = Percent(place, (price.Output, higher.Output)),
        };
    }

    private static long? Stated(long? amount) => amount is > 0 ? amount : null;

    // The largest factor of the classes, rounded up: the price file has one for all input.
    private int Percent(string place, params ReadOnlySpan<(long? Base, long? Long)> classes)
    {
        Int128 most = 0;
        foreach (var (usual, higher) in classes)
        {
            if (usual is > 0 && higher is > 0) most = Int128.Max(most, (((Int128)higher.Value * 100) + usual.Value - 1) / usual.Value);
        }

        if (most == 0) return 100;
        if (most <= PriceEntry.MaxPercent) return (int)most;
        faults.Add($"{place}: a long request costs more than {PriceEntry.MaxPercent} percent");
        return PriceEntry.MaxPercent;
    }
}
