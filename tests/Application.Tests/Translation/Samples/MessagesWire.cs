using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AiGateway.Application.Tests.Translation.Samples;

/// <summary>The rules of Anthropic's wire by which a provider answers 400.</summary>
internal static partial class MessagesWire
{
    /// <summary>The rules that a request breaks.</summary>
    public static List<string> FaultsOf(string request)
    {
        var root = JsonNode.Parse(request)!.AsObject();
        var faults = new List<string>();
        if (root["max_tokens"]!.GetValue<long>() < 1) faults.Add("max_tokens");
        if (root["tool_choice"] is not null && root["tools"] is null) faults.Add("tool_choice without tools");
        if (root["tools"]?.AsArray().Any(tool => tool!["input_schema"]?["type"]?.GetValue<string>() != "object") == true) faults.Add("tool without a schema");
        if (root["system"]?.AsArray() is { } system) faults.AddRange(FaultsIn(system, "system"));
        var messages = root["messages"]!.AsArray();
        if (messages.Count == 0) faults.Add("no messages");
        string[] open = [];
        foreach (var message in messages)
        {
            var blocks = message!["content"]!.AsArray();
            faults.AddRange(FaultsIn(blocks, message["role"]!.GetValue<string>()));
            var results = blocks.TakeWhile(IsResult).Select(block => block!["tool_use_id"]!.GetValue<string>()).ToArray();
            if (!results.Order().SequenceEqual(open.Order())) faults.Add($"results {string.Join(',', results)} of calls {string.Join(',', open)}");
            if (blocks.Skip(results.Length).Any(IsResult)) faults.Add("result after other content");
            open = [.. blocks.Where(block => block!["type"]!.GetValue<string>() == "tool_use").Select(block => block!["id"]!.GetValue<string>())];
            if (open.Any(id => !Id().IsMatch(id))) faults.Add("characters of an id");
            if (open.Distinct().Count() != open.Length) faults.Add("an id twice");
        }

        if (open.Length > 0) faults.Add("calls without results");
        return faults;
    }

    private static bool IsResult(JsonNode? block) => block!["type"]!.GetValue<string>() == "tool_result";

    private static IEnumerable<string> FaultsIn(JsonArray blocks, string place)
    {
        if (blocks.Count == 0) yield return $"{place} without blocks";
        foreach (var block in blocks)
        {
            if (block!["type"]!.GetValue<string>() == "text" && string.IsNullOrWhiteSpace(block["text"]!.GetValue<string>())) yield return $"{place}: blank text";
            if (block["input"] is not (null or JsonObject)) yield return "input that is no object";
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Id();
}
