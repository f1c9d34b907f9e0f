using System.Text.Json.Serialization;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>Writes models as JSON for the version of a price book. Generated code does it, because reflection slows every start.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(IReadOnlyList<PricedModel>))]
internal sealed partial class PriceJson : JsonSerializerContext;
