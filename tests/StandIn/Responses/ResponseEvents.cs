using System.Text.Json.Nodes;
using AiGateway.StandIn.Replies;

namespace AiGateway.StandIn.Responses;

/// <summary>A response as OpenAI streams it: named and numbered events. The last event says how the response ended.</summary>
internal sealed class ResponseEvents(StoredResponse response)
{
    private int _next;

    public IEnumerable<StreamEvent> All()
    {
        var made = response with { Status = response.EndStatus };
        yield return Whole("response.created", response);
        yield return Whole("response.in_progress", response);
        yield return Next("response.output_item.added", new() { ["output_index"] = 0, ["item"] = ResponseBody.OutputItem(response, response.Status) });
        foreach (var each in response.Tool is null ? TextEvents() : ArgumentEvents()) yield return each;
        yield return Next("response.output_item.done", new() { ["output_index"] = 0, ["item"] = ResponseBody.OutputItem(made, made.Status) });
        yield return Whole($"response.{made.Status}", made) with { IsEnd = true };
    }

    /// <summary>An error in the flat format of this wire.</summary>
    public static StreamEvent Error(JsonObject failure, int number) => StreamEvent.Of(
        new JsonObject
        {
            ["type"] = "error",
            ["code"] = failure["code"]?.DeepClone(),
            ["message"] = failure["message"]?.DeepClone(),
            ["param"] = null,
            ["sequence_number"] = number,
        },
        "error");

    private IEnumerable<StreamEvent> TextEvents()
    {
        yield return Next("response.content_part.added", Part(new() { ["part"] = ResponseBody.TextPart("") }));
        foreach (var piece in response.Pieces)
            yield return Next("response.output_text.delta", Part(new() { ["delta"] = piece, ["logprobs"] = new JsonArray() }));
        yield return Next("response.output_text.done", Part(new() { ["text"] = response.Text, ["logprobs"] = new JsonArray() }));
        yield return Next("response.content_part.done", Part(new() { ["part"] = ResponseBody.TextPart(response.Text) }));
    }

    private IEnumerable<StreamEvent> ArgumentEvents()
    {
        foreach (var piece in Tokens.Split(response.Request.Model, response.Tool!.Arguments))
            yield return Next("response.function_call_arguments.delta", Item(new() { ["delta"] = piece }));
        yield return Next(
            "response.function_call_arguments.done",
            Item(new() { ["arguments"] = response.Tool.Arguments, ["name"] = response.Tool.Name }));
    }

    private JsonObject Part(JsonObject content)
    {
        content["content_index"] = 0;
        return Item(content);
    }

    private JsonObject Item(JsonObject content)
    {
        content["item_id"] = ResponseBody.ItemId(response);
        content["output_index"] = 0;
        return content;
    }

    private StreamEvent Whole(string type, StoredResponse state) => Next(type, new() { ["response"] = ResponseBody.Of(state) });

    private StreamEvent Next(string type, JsonObject content)
    {
        content.Insert(0, "type", type);
        content["sequence_number"] = _next++;
        return StreamEvent.Of(content, type);
    }
}
