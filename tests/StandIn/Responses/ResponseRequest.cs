using System.Text.Json;
using AiGateway.StandIn.Chat;

namespace AiGateway.StandIn.Responses;

/// <summary>A response request, after its checks.</summary>
internal sealed record ResponseRequest
{
    public required string Model { get; init; }

    /// <summary>The turns of the previous responses, and then those of this request.</summary>
    public required IReadOnlyList<Turn> Turns { get; init; }

    /// <summary>The input of this request as items.</summary>
    public required IReadOnlyList<JsonElement> Items { get; init; }

    public required string? Instructions { get; init; }

    public required string? PreviousId { get; init; }

    public required bool Stream { get; init; }

    public required bool Store { get; init; }

    public required bool Background { get; init; }

    public required long? MaxOutputTokens { get; init; }

    public required ToolCall? ToolToCall { get; init; }

    public required JsonElement? Schema { get; init; }

    /// <summary>The members of the request. Many of them are repeated in the response.</summary>
    public required JsonElement Root { get; init; }

    public string LastUserText => Turns.LastOrDefault(turn => turn.Role == "user")?.Text ?? "";

    public string LastText => Turns[^1] is { Role: "tool" } result ? $"The tool says: {result.Text}" : LastUserText;

    public long InputTokens
    {
        get
        {
            var turns = Instructions is null ? Turns : [new Turn("system", Instructions), .. Turns];
            var tools = Root.TryGetProperty("tools", out var given) ? Tokens.Count(Model, given.GetRawText()) : 0;
            return Tokens.CountConversation(Model, turns.Select(turn => (turn.Role, turn.Text))) + tools;
        }
    }
}
