using AiGateway.Application.Requests;

namespace AiGateway.Application.Tests.Generation;

public sealed class ConversationTests
{
    private static readonly ChatMessage Question = new("user", "Why?");
    private static readonly ChatMessage Order = new("system", "Be brief.");

    [Test]
    public void Conversation_OfAPrompt_IsOneUserMessage()
    {
        Assert.That((Sample.Request() with { Prompt = "Why?" }).Conversation, Is.EqualTo([Question]));
    }

    [Test]
    public void Conversation_OfAPromptWithSystemPrompt_PutsTheSystemPromptFirst()
    {
        var request = Sample.Request() with { Prompt = "Why?", SystemPrompt = "Be brief." };

        Assert.That(request.Conversation, Is.EqualTo([Order, Question]));
    }

    [Test]
    public void Conversation_OfMessagesWithSystemPrompt_PutsTheSystemPromptFirst()
    {
        var request = Sample.Request() with { Prompt = null, Messages = [Question], SystemPrompt = "Be brief." };

        Assert.That(request.Conversation, Is.EqualTo([Order, Question]));
    }

    [Test]
    public void Conversation_OfMessagesAlone_IsTheMessages()
    {
        var request = Sample.Request() with { Prompt = null, Messages = [Question, Order] };

        Assert.That(request.Conversation, Is.EqualTo([Question, Order]));
    }
}
