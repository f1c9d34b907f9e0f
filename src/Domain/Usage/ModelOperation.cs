namespace AiGateway.Domain;

/// <summary>The kind of a request. The numbers are stored.</summary>
public enum ModelOperation
{
    /// <summary>A chat completion.</summary>
    Chat = 0,

    /// <summary>Embedding vectors.</summary>
    Embeddings = 1,

    /// <summary>A response of OpenAI's Responses API.</summary>
    Responses = 2,
}
