using System.Text.Json;

namespace AiGateway.StandIn.Chat;

/// <summary>A chat completion request, after its checks.</summary>
internal sealed record ChatRequest
{
    public required string Model { get; init; }

    public required IReadOnlyList<Turn> Turns { get; init; }

    public required bool Stream { get; init; }

    public required bool IncludeUsage { get; init; }

    public required long? MaxTokens { get; init; }

    public required int Choices { get; init; }

    public required bool Logprobs { get; init; }

    public required int TopLogprobs { get; init; }

    public required IReadOnlyList<string> Stops { get; init; }

    public required IReadOnlyList<ToolCall> ToolsToCall { get; init; }

    /// <summary>The schema that the reply must match; null for plain text.</summary>
    public required JsonElement? Schema { get; init; }

    public required long PromptTokens { get; init; }

    public string LastUserText => Turns.LastOrDefault(turn => turn.Role == "user")?.Text ?? "";

    public string LastText => Turns[^1] is { Role: "tool" } result ? $"The tool says: {result.Text}" : LastUserText;
}

/// <summary>One message, with the texts of its parts joined.</summary>
internal sealed record Turn(string Role, string Text);

/// <summary>A tool call that the stand-in makes.</summary>
internal sealed record ToolCall(string Id, string Name, string Arguments);
