using System.Text.Json.Nodes;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Replies;

/// <summary>Sends a stream of events, with the failures of the plan.</summary>
internal static class EventSender
{
    private const int MalformedEvent = 2;

    /// <summary>Sends the events.</summary>
    /// <param name="exchange">The request that is answered.</param>
    /// <param name="plan">The delays and failures.</param>
    /// <param name="events">The events to send.</param>
    /// <param name="toError">Makes an error event in the format of the wire, from the error and the number of events sent.</param>
    public static async Task SendAsync(
        Exchange exchange, ReplyPlan plan, IEnumerable<StreamEvent> events, Func<JsonObject, int, StreamEvent> toError)
    {
        exchange.OpenStream();
        var number = 0;
        foreach (var next in events)
        {
            if (next.IsEnd && plan.NoDone) break;
            if (number == plan.EndAfter) break;
            if (number == plan.StallAfter) await Task.Delay(Timeout.InfiniteTimeSpan, exchange.Time, exchange.ClientLeft);
            if (number == plan.CutAfter)
            {
                exchange.Cut();
                return;
            }

            if (number == plan.ErrorEventAfter)
            {
                await exchange.SendBytesAsync(toError(Failure(plan), number).ToBytes());
                return;
            }

            if (number > 0 && plan.Gap > TimeSpan.Zero) await Task.Delay(plan.Gap, exchange.Time, exchange.ClientLeft);
            number++;
            var bytes = next.ToBytes();
            if (number == plan.CutMid)
            {
                await exchange.SendBytesAsync(bytes.AsMemory(0, bytes.Length / 2));
                exchange.Cut();
                return;
            }

            if (plan.Malformed && number == MalformedEvent) bytes = (next with { Content = next.Content[..(next.Content.Length / 2)] }).ToBytes();
            await exchange.SendBytesAsync(bytes);
            exchange.Request.NoteEvent();
        }
    }

    private static JsonObject Failure(ReplyPlan plan) =>
        new Refusal(500, "The stream failed as was asked for.") { Type = plan.ErrorType, Code = plan.ErrorCode }
            .ToJson()["error"]!.DeepClone().AsObject();
}
