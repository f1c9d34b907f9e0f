using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Application.Translation;

/// <summary>
/// Parameters of sampling. A model that does not accept them gets none: the default is left out, another value is refused.
/// </summary>
internal static class Sampling
{
    private const decimal Default = 1;

    /// <summary>Writes a parameter that has the same name in both wires.</summary>
    /// <param name="json">The target.</param>
    /// <param name="root">The request.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="model">The model.</param>
    /// <param name="most">The largest value of the target's wire.</param>
    /// <exception cref="InvalidRequestException">The model, or its wire, does not accept the value.</exception>
    public static void Write(Utf8JsonWriter json, JsonElement root, string name, PricedModel model, decimal most = decimal.MaxValue)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number)) throw new InvalidRequestException(name, "must be a number");
        if (!model.Traits.Sampling)
        {
            if (number == Default && name != "top_k") return;
            throw new InvalidRequestException(name, $"the model {model.Model} does not accept it. Remove it");
        }

        if (number > most) throw new InvalidRequestException(name, $"must be at most {most} for the model {model.Model}");
        json.WritePropertyName(name);
        value.WriteTo(json);
    }
}
