using System.Text.Json.Nodes;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn;

/// <summary><c>/v1/models</c>.</summary>
internal static class ModelsEndpoint
{
    public static async Task ListAsync(Exchange exchange)
    {
        var plan = exchange.PlanFor(null);
        if (!await exchange.OpenAsync(plan)) return;
        var models = KnownModels.Listed.Select(model => (JsonNode)Describe(model)).ToArray();
        await exchange.SendAsync(new JsonObject { ["object"] = "list", ["data"] = new JsonArray(models) }, plan);
    }

    public static async Task GetAsync(Exchange exchange, string model)
    {
        var plan = exchange.PlanFor(null);
        if (!await exchange.OpenAsync(plan)) return;
        if (!KnownModels.Listed.Contains(model)) throw Refusal.NoSuchModel(model);
        await exchange.SendAsync(Describe(model), plan);
    }

    private static JsonObject Describe(string model) => new()
    {
        ["id"] = model,
        ["object"] = "model",
        ["created"] = 1_721_172_741,
        ["owned_by"] = "stand-in",
    };
}
