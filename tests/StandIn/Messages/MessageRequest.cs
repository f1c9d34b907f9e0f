using System.Text.Json;

namespace AiGateway.StandIn.Messages;

/// <summary>A message request that was found good.</summary>
internal sealed record MessageRequest
{
    public required string Model { get; init; }

    public required long MaxTokens { get; init; }

    public required bool Stream { get; init; }

    /// <summary>Tokens of system, messages and tools.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Whether a block asks for the cache, and for how long.</summary>
    public required CacheUse Cache { get; init; }

    public required bool Thinks { get; init; }

    /// <summary>The last text of the user, or the result of a tool after it.</summary>
    public required string LastText { get; init; }

    /// <summary>The last text of the user, which may have the plan of the answer.</summary>
    public required string LastUserText { get; init; }

    /// <summary>Messages with results of tools since the last text of the user.</summary>
    public required int ToolTurns { get; init; }

    /// <summary>The schema of a structured answer.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>The tools that the answer may call.</summary>
    public required IReadOnlyList<(string Name, JsonElement Schema)> ToolsToCall { get; init; }
}

/// <summary>What a request writes to the cache.</summary>
internal enum CacheUse
{
    None,
    FiveMinutes,
    OneHour,
}
