using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>Reads one dated price of a price file.</summary>
internal static class PriceEntry
{
    /// <summary>The largest factor, in percent.</summary>
    public const int MaxPercent = 1000;

    /// <summary>The price; null without a date.</summary>
    /// <param name="json">An object.</param>
    /// <param name="hasOutput">Whether the model makes text, which must have a price.</param>
    /// <param name="faults">Where faults go.</param>
    public static ModelPrice? Read(LocatedJson json, bool hasOutput, List<string> faults)
    {
        var members = new JsonMembers(json, faults);
        var effectiveFrom = members.Date("effectiveFrom", required: true);
        var isFree = members.Flag("free") == true;
        var input = members.Amount("inputUsdPerMillion", required: !isFree, mayBeZero: isFree) ?? 0;
        var output = members.Amount("outputUsdPerMillion", required: hasOutput && !isFree, mayBeZero: isFree || !hasOutput) ?? 0;
        if (isFree && input > 0 && (output > 0 || !hasOutput))
            faults.Add(JsonMembers.At(json, "free is true, but neither the input nor the output price is 0"));
        var price = new ModelPrice
        {
            EffectiveFrom = effectiveFrom ?? default,
            InputNanoUsdPerMillion = input,
            OutputNanoUsdPerMillion = output,
            CachedInputNanoUsdPerMillion = members.Amount("cachedInputUsdPerMillion"),
            CacheWriteNanoUsdPerMillion = members.Amount("cacheWriteUsdPerMillion"),
            CacheWrite1hNanoUsdPerMillion = members.Amount("cacheWrite1hUsdPerMillion"),
            LongContextAboveTokens = members.Whole("longContextAboveTokens", 1, TokenUsage.MaxPlausibleTokens),
            LongContextInputPercent = Percent(members, "longContextInputPercent"),
            LongContextOutputPercent = Percent(members, "longContextOutputPercent"),
            FlexPercent = Percent(members, "flexPercent"),
            PriorityPercent = Percent(members, "priorityPercent"),
            UsGeographyPercent = Percent(members, "usGeographyPercent"),
            FastPercent = Percent(members, "fastPercent"),
            PeakPercent = Percent(members, "peakPercent"),
            PeakHours = ReadPeakHours(members, faults),
            Source = members.Text("source"),
        };
        if ((price.PeakHours.Count > 0) != (price.PeakPercent != 100))
            faults.Add(JsonMembers.At(json, "peakPercent and peakHoursUtc need each other"));
        members.RefuseOthers();
        return effectiveFrom is null ? null : price;
    }

    private static int Percent(JsonMembers members, string name) => (int)(members.Whole(name, 1, MaxPercent) ?? 100);

    private static PeakHours[] ReadPeakHours(JsonMembers members, List<string> faults)
    {
        if (members.Items("peakHoursUtc") is not { } items) return [];
        var hours = new List<PeakHours>();
        foreach (var item in items)
        {
            if (item.Kind == JsonTokenType.String && PeakHoursText.Parse(item.Text) is { } read) hours.Add(read);
            else faults.Add(JsonMembers.At(item, "must be weekdays and hours such as \"mon-fri 01:00-04:00\""));
        }

        return [.. hours];
    }
}
