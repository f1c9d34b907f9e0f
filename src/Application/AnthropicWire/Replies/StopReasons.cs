namespace AiGateway.Application.AnthropicWire;

/// <summary>Anthropic's reasons to stop, in the neutral words of the native API.</summary>
public static class StopReasons
{
    /// <summary>
    /// <c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>; an unknown reason is <c>stop</c>. Null: the
    /// message goes on.
    /// </summary>
    public static string? ToNeutral(string? reason) => reason switch
    {
        null or "" => null,
        "max_tokens" or "model_context_window_exceeded" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        _ => "stop",
    };
}
