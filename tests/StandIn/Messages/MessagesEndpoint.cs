using System.Text.Json.Nodes;
using AiGateway.StandIn.Replies;

namespace AiGateway.StandIn.Messages;

/// <summary><c>/v1/messages</c> of Anthropic's API.</summary>
internal static class MessagesEndpoint
{
    public static async Task CreateAsync(Exchange exchange)
    {
        var request = MessageReader.Read(exchange.Request, isCount: false);
        var plan = exchange.PlanFor(request.LastUserText);
        if (!await exchange.OpenAsync(plan)) return;
        var answer = MessageAnswer.To(request, plan, exchange.NewId);
        if (request.Stream) await EventSender.SendAsync(exchange, plan, MessageEvents.Of(answer), (failure, _) => MessageEvents.Error(failure));
        else await exchange.SendAsync(answer.ToMessage(isWhole: true), plan);
    }

    public static async Task CountAsync(Exchange exchange)
    {
        var request = MessageReader.Read(exchange.Request, isCount: true);
        var plan = exchange.PlanFor(request.LastUserText);
        if (!await exchange.OpenAsync(plan)) return;
        await exchange.SendAsync(new JsonObject { ["input_tokens"] = request.InputTokens }, plan);
    }
}
