using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.Replies;

/// <summary>Turns the events of a streamed message into the chunks of a streamed chat completion.</summary>
internal sealed class EventsToChunks(ReplyContext context) : IEventTranslation
{
    private readonly Dictionary<int, ToolBlock> _tools = [];
    private string _id = context.IdWith("chatcmpl-");
    private string _model = context.Call.Model.Model;
    private string? _stopReason;
    private TokenUsage? _usage;
    private bool _isStarted;
    private bool _isFinished;

    public void Add(in ReplyChunk chunk, List<TranslatedEvent> events)
    {
        _usage = chunk.Usage ?? _usage;
        if (chunk.Json.IsEmpty) return;
        using var json = JsonDocument.Parse(chunk.Json);
        var root = json.RootElement;
        switch (root.FindText("type"u8))
        {
            case "message_start":
                Start(root.Find("message"u8) ?? default, events);
                break;
            case "content_block_start":
                StartBlock(IndexOf(root), root.Find("content_block"u8) ?? default, events);
                break;
            case "content_block_delta":
                AddDelta(IndexOf(root), root.Find("delta"u8) ?? default, events);
                break;
            case "content_block_stop":
                StopBlock(IndexOf(root), events);
                break;
            case "message_delta":
                _stopReason = root.Find("delta"u8)?.FindText("stop_reason"u8) ?? _stopReason;
                break;
            case "message_stop":
                Finish(events);
                break;
        }
    }

    public void Finish(List<TranslatedEvent> events)
    {
        if (_isFinished) return;
        _isFinished = true;
        AddChunk(events, static _ => { }, StopReasons.ToFinishReason(_stopReason));
        if (_usage is not { } usage) return;
        events.Add(new(
            WireJson.Write(json =>
            {
                WriteHead(json);
                json.WriteStartArray("choices"u8);
                json.WriteEndArray();
                WireUsage.WriteOfChat(json, usage);
                json.WriteEndObject();
            }),
            IsUsageOnly: true));
    }

    private static int IndexOf(JsonElement root) =>
        root.Find("index"u8) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var index) ? index : 0;

    private void Start(JsonElement message, List<TranslatedEvent> events)
    {
        if (_isStarted) return;
        _isStarted = true;
        _id = message.FindText("id"u8) ?? _id;
        _model = message.FindText("model"u8) ?? _model;
        AddChunk(events, static delta =>
        {
            delta.WriteString("role"u8, "assistant"u8);
            delta.WriteString("content"u8, ""u8);
        });
    }

    private void StartBlock(int index, JsonElement block, List<TranslatedEvent> events)
    {
        switch (block.FindText("type"u8))
        {
            case "text":
                AddText(events, "content", block.FindText("text"u8));
                break;
            case "thinking":
                AddText(events, "reasoning_content", block.FindText("thinking"u8));
                break;
            case "tool_use":
                // A provider that does not stream arguments puts all of them here.
                var tool = _tools[index] = new ToolBlock(_tools.Count, block.FindSet("input"u8)?.GetRawText() ?? "{}");
                var (id, name) = (block.FindText("id"u8), block.FindText("name"u8));
                AddCall(events, tool.Call, "", call =>
                {
                    call.WriteString("id"u8, id);
                    call.WriteString("type"u8, "function"u8);
                }, name);
                break;
        }
    }

    private void AddDelta(int index, JsonElement delta, List<TranslatedEvent> events)
    {
        switch (delta.FindText("type"u8))
        {
            case "text_delta":
                AddText(events, "content", delta.FindText("text"u8));
                break;
            case "thinking_delta":
                AddText(events, "reasoning_content", delta.FindText("thinking"u8));
                break;
            case "input_json_delta" when delta.FindText("partial_json"u8) is { Length: > 0 } more && _tools.TryGetValue(index, out var tool):
                tool.HasArguments = true;
                AddCall(events, tool.Call, more);
                break;
        }
    }

    // A tool without arguments has no delta.
    private void StopBlock(int index, List<TranslatedEvent> events)
    {
        if (_tools.TryGetValue(index, out var tool) && !tool.HasArguments) AddCall(events, tool.Call, tool.Input);
    }

    private void AddText(List<TranslatedEvent> events, string member, string? text)
    {
        if (!string.IsNullOrEmpty(text)) AddChunk(events, delta => delta.WriteString(member, text));
    }

    private void AddCall(List<TranslatedEvent> events, int index, string arguments, Action<Utf8JsonWriter>? writeIdentity = null, string? name = null) => AddChunk(events, delta =>
    {
        delta.WriteStartArray("tool_calls"u8);
        delta.WriteStartObject();
        delta.WriteNumber("index"u8, index);
        writeIdentity?.Invoke(delta);
        delta.WriteStartObject("function"u8);
        if (name is not null) delta.WriteString("name"u8, name);
        delta.WriteString("arguments"u8, arguments);
        delta.WriteEndObject();
        delta.WriteEndObject();
        delta.WriteEndArray();
    });

    private void AddChunk(List<TranslatedEvent> events, Action<Utf8JsonWriter> writeDelta, string? finishReason = null) => events.Add(new(WireJson.Write(json =>
    {
        WriteHead(json);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("delta"u8);
        writeDelta(json);
        json.WriteEndObject();
        json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    })));

    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, _id);
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, context.CreatedAt);
        json.WriteString("model"u8, _model);
    }

    // The index of a chat completion counts tool calls, not blocks.
    private sealed class ToolBlock(int call, string input)
    {
        public int Call => call;

        public string Input => input;

        public bool HasArguments { get; set; }
    }
}
