using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>Writes price files. <see cref="PriceFile.Read"/> reads the same content again.</summary>
internal static class PriceFileText
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file as JSON, models in order of provider and name. Members with their default are left out.</summary>
    public static string Write(PriceFile file)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            if (file.CheckedOn is { } day) json.WriteString("checkedOn", Text(day));
            json.WriteStartArray("models");
            foreach (var model in file.Models.OrderBy(each => each.Provider, StringComparer.Ordinal).ThenBy(each => each.Model, StringComparer.Ordinal))
                WriteModel(json, model);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteModel(Utf8JsonWriter json, PricedModel model)
    {
        json.WriteStartObject();
        json.WriteString("model", model.Model);
        json.WriteString("provider", model.Provider);
        json.WriteNumber("contextWindow", model.Capabilities.ContextWindow);
        json.WriteNumber("maxOutputTokens", model.Capabilities.MaxOutputTokens);
        WriteWords(json, "capabilities", CapabilitiesOf(model.Capabilities));
        WriteTraits(json, model.Traits);
        if (model.RetiredOn is { } day) json.WriteString("retiredOn", Text(day));
        if (model.Successor is { } successor) json.WriteString("successor", successor);
        if (model.Tokenizer != TokenizerKind.ByName)
            json.WriteString("tokenizer", ModelEntry.Tokenizers.First(each => each.Value == model.Tokenizer).Key);
        if (model.TokenFactorPercent is { } percent) json.WriteNumber("tokenFactorPercent", percent);
        if (model.ToolCalls.Count > 0)
        {
            json.WriteStartObject("toolCalls");
            foreach (var (name, price) in model.ToolCalls) json.WriteString(name, Text(price));
            json.WriteEndObject();
        }

        json.WriteStartArray("prices");
        foreach (var price in model.Prices) WritePrice(json, price, hasOutput: model.Capabilities.Chat);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTraits(Utf8JsonWriter json, ModelTraits traits)
    {
        if (traits == ModelTraits.Unknown) return;
        json.WriteStartObject("traits");
        WriteDenied(json, "sampling", traits.Sampling);
        WriteDenied(json, "forcedToolChoice", traits.ForcedToolChoice);
        WriteDenied(json, "prefill", traits.Prefill);
        WriteDenied(json, "audio", traits.Audio);
        if (traits.Thinking is { } thinking) WriteWords(json, "thinking", ModelEntry.Thinking.Where(each => thinking.HasFlag(each.Value)).Select(each => each.Key));
        if (traits.Efforts is { } efforts) WriteWords(json, "efforts", ModelEntry.Efforts.Where(each => efforts.HasFlag(each.Value)).Select(each => each.Key));
        json.WriteEndObject();
    }

    private static void WritePrice(Utf8JsonWriter json, ModelPrice price, bool hasOutput)
    {
        json.WriteStartObject();
        json.WriteString("effectiveFrom", Text(price.EffectiveFrom));
        if (price.InputNanoUsdPerMillion == 0 || (hasOutput && price.OutputNanoUsdPerMillion == 0)) json.WriteBoolean("free", true);
        json.WriteString("inputUsdPerMillion", Text(price.InputNanoUsdPerMillion));
        WriteAmount(json, "cachedInputUsdPerMillion", price.CachedInputNanoUsdPerMillion);
        WriteAmount(json, "cacheWriteUsdPerMillion", price.CacheWriteNanoUsdPerMillion);
        WriteAmount(json, "cacheWrite1hUsdPerMillion", price.CacheWrite1hNanoUsdPerMillion);
        if (hasOutput || price.OutputNanoUsdPerMillion > 0) json.WriteString("outputUsdPerMillion", Text(price.OutputNanoUsdPerMillion));
        if (price.LongContextAboveTokens is { } above) json.WriteNumber("longContextAboveTokens", above);
        WritePercent(json, "longContextInputPercent", price.LongContextInputPercent);
        WritePercent(json, "longContextOutputPercent", price.LongContextOutputPercent);
        WritePercent(json, "flexPercent", price.FlexPercent);
        WritePercent(json, "priorityPercent", price.PriorityPercent);
        WritePercent(json, "usGeographyPercent", price.UsGeographyPercent);
        WritePercent(json, "fastPercent", price.FastPercent);
        WritePercent(json, "peakPercent", price.PeakPercent);
        if (price.PeakHours.Count > 0) WriteWords(json, "peakHoursUtc", price.PeakHours.Select(PeakHoursText.Write));
        if (price.Source is { } source) json.WriteString("source", source);
        json.WriteEndObject();
    }

    private static IEnumerable<string> CapabilitiesOf(ModelCapabilities can)
    {
        bool[] has = [can.Chat, can.Embeddings, can.Tools, can.Reasoning, can.StructuredOutput, can.Vision];
        return ModelEntry.Capabilities.Where((_, i) => has[i]);
    }

    private static void WriteWords(Utf8JsonWriter json, string name, IEnumerable<string> words)
    {
        json.WriteStartArray(name);
        foreach (var word in words) json.WriteStringValue(word);
        json.WriteEndArray();
    }

    private static void WriteDenied(Utf8JsonWriter json, string name, bool isAccepted)
    {
        if (!isAccepted) json.WriteBoolean(name, false);
    }

    private static void WriteAmount(Utf8JsonWriter json, string name, long? nanoUsd)
    {
        if (nanoUsd is { } amount) json.WriteString(name, Text(amount));
    }

    private static void WritePercent(Utf8JsonWriter json, string name, int percent)
    {
        if (percent != 100) json.WriteNumber(name, percent);
    }

    private static string Text(long nanoUsd) => Money.ToUsd(nanoUsd).ToString("0.00#######", CultureInfo.InvariantCulture);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
