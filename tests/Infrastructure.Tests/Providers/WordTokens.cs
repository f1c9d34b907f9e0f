using AiGateway.Application.Pricing;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Tests.Providers;

/// <summary>Counts words, for results that a reader can check. Each message adds one token, and the reply three.</summary>
internal sealed class WordTokens : ITokenCounter
{
    public long CountText(string model, string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    public bool UsesTokenizer(PricedModel model) => true;

    public long CountPrompt(ModelRequest request, PricedModel model) => CountMessages(model.Model, request.Conversation);

    public PromptBound BoundPrompt(ModelRequest request, PricedModel model) => new(
        CountPrompt(request, model), request.Extras.Prediction is { } predicted ? CountText(model.Model, predicted) : 0);

    private long CountMessages(string model, IReadOnlyList<ChatMessage> messages) =>
        3 + messages.Sum(message => 1 + CountText(model, message.Content));
}
