using System.Text.Json.Nodes;
using AiGateway.StandIn.Replies;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Responses;

/// <summary><c>/v1/responses</c>.</summary>
internal sealed class ResponsesEndpoint(StandInOptions options)
{
    private readonly ResponseStore _store = new();

    public async Task CreateAsync(Exchange exchange)
    {
        var request = ResponseReader.Read(Fields.OfBody(exchange.Request), options, _store);
        var plan = exchange.PlanFor(request.LastUserText);

        // In the background, a response that hangs is created at once and never completed.
        if (!await exchange.OpenAsync(request.Background ? plan with { Hang = false } : plan)) return;
        var response = StoredResponse.To(request, plan, exchange.NewId("resp_"), exchange.CreatedAt);
        if (request.Background)
        {
            response = response with { Status = StoredResponse.Queued };
            _store.Put(response);
        }
        else if (request.Store)
        {
            _store.Put(response with { Status = response.EndStatus });
        }

        if (request.Stream) await EventSender.SendAsync(exchange, plan, new ResponseEvents(response).All(), ResponseEvents.Error);
        else await exchange.SendAsync(ResponseBody.Of(request.Background ? response : response with { Status = response.EndStatus }), plan);
    }

    public async Task GetAsync(Exchange exchange, string id)
    {
        var plan = exchange.PlanFor(null);
        if (!await exchange.OpenAsync(plan)) return;
        var response = _store.Get(id);
        if (!response.IsOver)
        {
            response = response with { Status = response.Plan.Hang ? StoredResponse.InProgress : response.EndStatus };
            _store.Put(response);
        }

        await exchange.SendAsync(ResponseBody.Of(response), plan);
    }

    public async Task DeleteAsync(Exchange exchange, string id)
    {
        var plan = exchange.PlanFor(null);
        if (!await exchange.OpenAsync(plan)) return;
        _store.Remove(id);
        await exchange.SendAsync(new JsonObject { ["id"] = id, ["object"] = "response", ["deleted"] = true }, plan);
    }

    public async Task CancelAsync(Exchange exchange, string id)
    {
        var plan = exchange.PlanFor(null);
        if (!await exchange.OpenAsync(plan)) return;
        var response = _store.Get(id);
        if (!response.Request.Background) throw new Refusal(400, "Only a response made in the background can be cancelled.");
        if (!response.IsOver)
        {
            response = response with { Status = StoredResponse.Cancelled };
            _store.Put(response);
        }

        await exchange.SendAsync(ResponseBody.Of(response), plan);
    }

    public async Task ListInputAsync(Exchange exchange, string id)
    {
        var plan = exchange.PlanFor(null);
        if (!await exchange.OpenAsync(plan)) return;
        var items = _store.Get(id).Request.Items.Select(item => JsonNode.Parse(item.GetRawText())).ToArray();
        await exchange.SendAsync(new JsonObject { ["object"] = "list", ["data"] = new JsonArray(items), ["has_more"] = false }, plan);
    }
}
