using System.Text.Json;
using AiGateway.StandIn.Chat;

namespace AiGateway.StandIn.Responses;

/// <summary>What a response was asked to be, checked.</summary>
internal sealed record ResponseRequest
{
    public required string Model { get; init; }

    /// <summary>The turns of the responses before this one, then its own.</summary>
    public required IReadOnlyList<Turn> Turns { get; init; }

    /// <summary>Its own input as items.</summary>
    public required IReadOnlyList<JsonElement> Items { get; init; }

    public required string? Instructions { get; init; }

    public required string? PreviousId { get; init; }

    public required bool Stream { get; init; }

    public required bool Store { get; init; }

    public required bool Background { get; init; }

    public required long? MaxOutputTokens { get; init; }

    public required ToolCall? ToolToCall { get; init; }

    public required JsonElement? Schema { get; init; }

    /// <summary>The request's members, of which many are told back.</summary>
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
