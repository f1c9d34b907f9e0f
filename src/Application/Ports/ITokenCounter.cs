using AiGateway.Application.Generation;

namespace AiGateway.Application.Ports;

/// <summary>Counts tokens offline, with the tokenizer of the model's family.</summary>
public interface ITokenCounter
{
    /// <summary>Tokens of a text.</summary>
    long CountText(string model, string text);

    /// <summary>Tokens of a conversation, with what the chat format adds to each message and to the reply's start.</summary>
    long CountMessages(string model, IReadOnlyList<ChatMessage> messages);
}
