namespace AiGateway.Domain;

/// <summary>The prompt certainly holds more tokens than the model's context window.</summary>
/// <param name="model">The requested model.</param>
/// <param name="contextWindow">Its context window, in tokens.</param>
/// <param name="field">The field that holds the prompt, such as <c>messages</c>.</param>
public sealed class ContextLengthExceededException(string model, long contextWindow, string field)
    : AiGatewayException(
        ErrorCode.ContextLengthExceeded,
        $"The prompt is longer than the maximum context length of the model {model}, which is {contextWindow} tokens. Shorten it, or use a model with a larger context window.")
{
    /// <summary>The field that holds the prompt.</summary>
    public string Field { get; } = field;
}
