using System.Text.Json;
using AiGateway.StandIn.Replies;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Chat;

/// <summary>Reads the tools of a chat completion and decides which are called. After each user message, the first tool is called once, or as the message plans.</summary>
internal static class ToolReader
{
    public static IReadOnlyList<ToolCall> Read(Fields fields, IReadOnlyList<Turn> turns)
    {
        var tools = ReadTools(fields);
        var isParallel = fields.Flag("parallel_tool_calls", otherwise: true);
        if (tools.Count == 0)
        {
            if (fields.Find("tool_choice") is not null) throw Refusal.Of("tool_choice", "'tool_choice' needs 'tools'.");
            if (fields.Find("parallel_tool_calls") is not null) throw Refusal.Of("parallel_tool_calls", "'parallel_tool_calls' needs 'tools'.");
            return [];
        }

        var named = ReadChoice(fields, tools, out var mayCall);
        var asked = turns.ToList().FindLastIndex(turn => turn.Role == "user");
        var plan = asked < 0 ? ReplyPlan.Good : PlanWord.Read(turns[asked].Text).Plan;
        var made = turns.Skip(asked + 1).Count(turn => turn.Role == "assistant");
        if (!mayCall || (named is null && (asked < 0 || made >= plan.ToolTurns))) return [];
        var wanted = isParallel ? plan.ToolCalls : 1;
        return [.. (named is null ? tools : [named]).Take(wanted).Select((tool, index) => ToCall(tool, turns.Count, index))];
    }

    private static List<Fields> ReadTools(Fields fields)
    {
        var tools = new List<Fields>();
        foreach (var tool in fields.List("tools") ?? [])
        {
            var each = Fields.Of(tool, $"tools[{tools.Count}]");
            if (each.RequiredText("type") != "function") throw Refusal.Of(each.NameOf("type"), "Only functions are served here.", "invalid_value");
            var function = each.Inner("function") ?? throw Refusal.Of(each.NameOf("function"), "'function' is required.", "missing_required_parameter");
            function.RequiredText("name");
            function.Text("description");
            function.Inner("parameters");
            function.Flag("strict");
            tools.Add(function);
        }

        return tools;
    }

    private static Fields? ReadChoice(Fields fields, List<Fields> tools, out bool mayCall)
    {
        mayCall = true;
        if (fields.Find("tool_choice") is not { ValueKind: JsonValueKind.Object } choice)
        {
            mayCall = fields.OneOf("tool_choice", "none", "auto", "required") != "none";
            return null;
        }

        var name = (Fields.Of(choice, "tool_choice").Inner("function") ?? throw Refusal.WrongType("tool_choice.function", "an object")).RequiredText("name");
        return tools.Find(tool => tool.RequiredText("name") == name)
            ?? throw Refusal.Of("tool_choice", $"There is no tool {name}.", "invalid_value");
    }

    private static ToolCall ToCall(Fields tool, int turns, int index)
    {
        var arguments = tool.Inner("parameters") is { } parameters ? SchemaSample.Of(parameters.Root)! : new System.Text.Json.Nodes.JsonObject();
        return new ToolCall(FormattableString.Invariant($"call_{turns}_{index}"), tool.RequiredText("name"), Exchange.ToText(arguments));
    }
}
