using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Counts tokens offline, with the tokenizer of the model's family.</summary>
public interface ITokenCounter
{
    /// <summary>Tokens of a text.</summary>
    long CountText(string model, string text);

    /// <summary>Tokens of a conversation, with what the chat format adds to each message and to the reply's start.</summary>
    long CountMessages(string model, IReadOnlyList<ChatMessage> messages);

    /// <summary>
    /// All input tokens of a request: its messages exactly, and whatever else the model reads at the worst case that
    /// docs/API.md states.
    /// </summary>
    long CountPrompt(Generate request, PricedModel model);
}
