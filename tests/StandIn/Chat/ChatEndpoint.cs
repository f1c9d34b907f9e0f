using AiGateway.StandIn.Replies;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Chat;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(StandInOptions options)
{
    public async Task AnswerAsync(Exchange exchange)
    {
        var request = ChatReader.Read(Fields.OfBody(exchange.Request), options);
        var plan = exchange.PlanFor(request.LastUserText);
        if (!await exchange.OpenAsync(plan)) return;
        var answer = ChatAnswer.To(request, plan, exchange.NewId("chatcmpl-"), exchange.CreatedAt);
        if (request.Stream) await EventSender.SendAsync(exchange, plan, ChatEvents.Of(answer), (failure, _) => ChatEvents.Error(failure));
        else await exchange.SendAsync(ChatBody.Of(answer), plan);
    }
}
