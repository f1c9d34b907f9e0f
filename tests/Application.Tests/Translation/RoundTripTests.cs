using System.Text.Json.Nodes;
using AiGateway.Application.Tests.Translation.Samples;

namespace AiGateway.Application.Tests.Translation;

/// <summary>A request that is translated there and back says the same.</summary>
public sealed class RoundTripTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void ChatCompletion_ThereAndBack_IsTheSame(int seed)
    {
        var grammar = new ConversationGrammar(new Random(seed));
        for (var i = 0; i < 300; i++)
        {
            var chat = grammar.Chat();

            var back = JsonNode.Parse(Wires.ToChat(Wires.ToMessages(chat.ToJsonString())));

            Assert.That(JsonNode.DeepEquals(back, chat), Is.True, $"{chat.ToJsonString()}\n{back!.ToJsonString()}");
        }
    }

    [TestCase(4)]
    [TestCase(5)]
    public void MessageRequest_ThereAndBack_IsTheSame(int seed)
    {
        var grammar = new ConversationGrammar(new Random(seed));
        for (var i = 0; i < 300; i++)
        {
            var messages = Wires.ToMessages(grammar.Chat().ToJsonString());

            Assert.That(Wires.ToMessages(Wires.ToChat(messages)), Is.EqualTo(messages));
        }
    }
}
