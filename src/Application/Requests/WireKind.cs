namespace AiGateway.Application.Requests;

/// <summary>The HTTP dialect of a client or a provider.</summary>
public enum WireKind
{
    /// <summary>OpenAI's chat completions.</summary>
    OpenAiChat,

    /// <summary>OpenAI's responses.</summary>
    OpenAiResponses,

    /// <summary>OpenAI's embeddings.</summary>
    OpenAiEmbeddings,

    /// <summary>Anthropic's messages.</summary>
    AnthropicMessages,
}
