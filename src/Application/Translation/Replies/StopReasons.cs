namespace AiGateway.Application.Translation.Replies;

/// <summary>Why a model stopped, in the words of each wire. The set of words may grow: an unknown one is a plain stop.</summary>
internal static class StopReasons
{
    /// <summary>OpenAI's <c>finish_reason</c> for Anthropic's <c>stop_reason</c>.</summary>
    public static string ToFinishReason(string? stopReason) => AnthropicWire.StopReasons.ToNeutral(stopReason) ?? "stop";

    /// <summary>Anthropic's <c>stop_reason</c> for OpenAI's <c>finish_reason</c>.</summary>
    /// <param name="finishReason">The reason; null: the provider gave none.</param>
    /// <param name="hasCalls">
    /// Whether the reply calls tools. Many servers then say <c>stop</c>, and an agent would end its loop at that.
    /// </param>
    public static string ToStopReason(string? finishReason, bool hasCalls) => finishReason switch
    {
        "length" => "max_tokens",
        "content_filter" => "refusal",
        _ => hasCalls ? "tool_use" : "end_turn",
    };
}
