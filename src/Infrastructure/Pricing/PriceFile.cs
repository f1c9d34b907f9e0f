using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>The content of a price file. The built-in one and the operator's have the same form: docs/prices.md.</summary>
/// <param name="Models">The entries, each provider and model once.</param>
/// <param name="CheckedOn">The day on which the figures were last compared with their sources; null: unknown.</param>
internal sealed record PriceFile(IReadOnlyList<PricedModel> Models, DateOnly? CheckedOn)
{
    /// <summary>Reads a file; faults go to <paramref name="faults"/>, each with its line.</summary>
    public static PriceFile Read(ReadOnlySpan<byte> utf8, List<string> faults)
    {
        LocatedJson root;
        try
        {
            root = LocatedJson.Parse(utf8);
        }
        catch (JsonException malformed)
        {
            faults.Add(malformed.Message);
            return new PriceFile([], null);
        }

        if (!JsonMembers.IsObject(root, faults)) return new PriceFile([], null);
        var members = new JsonMembers(root, faults);

        // For editors.
        members.Text("$schema");
        var checkedOn = members.Date("checkedOn");
        var models = new Dictionary<(string, string), PricedModel>();
        foreach (var item in members.Items("models", required: true) ?? [])
        {
            if (ModelEntry.Read(item, faults) is not { } model) continue;
            if (!models.TryAdd((model.Provider, model.Model), model))
                faults.Add(JsonMembers.At(item, $"the model {model.Model} of {model.Provider} is given twice"));
        }

        members.RefuseOthers();
        return new PriceFile([.. models.Values], checkedOn);
    }
}
