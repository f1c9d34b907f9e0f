using System.Text;
using System.Text.Json.Nodes;

namespace AiGateway.StandIn.Chat;

/// <summary>Log probabilities. They are invented and always the same.</summary>
internal static class Logprobs
{
    public static JsonObject Of(IEnumerable<string> pieces, int top) => new()
    {
        ["content"] = new JsonArray([.. pieces.Select(piece => (JsonNode)Token(piece, top))]),
        ["refusal"] = null,
    };

    private static JsonObject Token(string piece, int top)
    {
        var token = Alternative(piece, 0);
        token["top_logprobs"] = new JsonArray([.. Enumerable.Range(0, top).Select(rank => (JsonNode)Alternative(piece, rank))]);
        return token;
    }

    private static JsonObject Alternative(string piece, int rank)
    {
        var text = rank == 0 ? piece : piece + new string('*', rank);
        return new JsonObject
        {
            ["token"] = text,
            ["logprob"] = -0.125 - rank,
            ["bytes"] = new JsonArray([.. Encoding.UTF8.GetBytes(text).Select(value => (JsonNode)JsonValue.Create((int)value))]),
        };
    }
}
