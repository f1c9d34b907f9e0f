using System.Text;
using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.Replies;

/// <summary>
/// Turns the chunks of a streamed chat completion into the events of a streamed message. One block is open at a time: the
/// first tool call is streamed, and what comes beside it waits until the model has finished.
/// </summary>
internal sealed class ChunksToEvents(ReplyContext context) : IEventTranslation
{
    private readonly MessageEvents _message = new();
    private readonly ToolCallDeltas _calls = new();
    private readonly List<(BlockKind Kind, StringBuilder Text)> _late = [];
    private readonly StringBuilder _uncounted = new();
    private string _id = context.IdWith("msg_");
    private ToolCallDelta? _streamed;
    private TokenUsage? _usage;
    private string? _finishReason;
    private string? _stopSequence;
    private bool _isRefused;
    private bool _isStarted;

    public void Add(in ReplyChunk chunk, List<TranslatedEvent> events)
    {
        _usage = chunk.Usage ?? _usage;
        if (_usage is null) _uncounted.Append(chunk.Text);
        if (chunk.Json.IsEmpty) return;
        using var json = JsonDocument.Parse(chunk.Json);
        var root = json.RootElement;
        foreach (var choice in root.Find("choices"u8).Elements())
        {
            if (choice.Find("index"u8) is { ValueKind: JsonValueKind.Number } index && index.TryGetInt32(out var at) && at != 0) continue;
            Start(root, events);
            AddChoice(choice, events);
            return;
        }
    }

    public void Finish(List<TranslatedEvent> events)
    {
        Start(default, events);
        Flush(events);
        var stop = _isRefused ? "refusal" : StopReasons.ToStopReason(_finishReason, _calls.Count > 0);
        _message.Stop(events, stop, _stopSequence, _usage ?? new TokenUsage(context.Call.Worst.PromptTokens, context.CountText(_uncounted.ToString())));
    }

    // No provider has told its usage yet: the input is the counted one, and the last event has the true figures.
    private void Start(JsonElement root, List<TranslatedEvent> events)
    {
        if (_isStarted) return;
        _isStarted = true;
        _id = CompletionToMessage.IdOf(root) ?? _id;
        var model = root.FindText("model"u8) is { Length: > 0 } told ? told : context.Call.Model.Model;
        MessageEvents.Start(events, _id, model, _usage ?? new TokenUsage(context.Call.Worst.PromptTokens, 0));
    }

    private void AddChoice(JsonElement choice, List<TranslatedEvent> events)
    {
        var delta = choice.Find("delta"u8) ?? default;
        AddText(events, BlockKind.Thinking, CompletionToMessage.ReasoningOf(delta));
        AddText(events, BlockKind.Text, OpenAiChoiceText.ContentOf(delta));
        if (delta.FindText("refusal"u8) is { Length: > 0 } refusal)
        {
            _isRefused = true;
            AddText(events, BlockKind.Text, refusal);
        }

        foreach (var part in delta.Find("tool_calls"u8).Elements()) AddCall(events, _calls.Of(part), part.Find("function"u8) ?? default);
        if (delta.Find("function_call"u8) is { ValueKind: JsonValueKind.Object } function) AddCall(events, _calls.OfFunction(), function);
        if (choice.FindText("finish_reason"u8) is not { Length: > 0 } reason) return;
        _finishReason = reason;
        _stopSequence = StopSequences.Find(context.Call, choice) ?? _stopSequence;
        Flush(events);
    }

    private void AddText(List<TranslatedEvent> events, BlockKind kind, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        if (_streamed is null)
        {
            _message.AddText(events, kind, text);
            return;
        }

        if (_late is not [.., var last] || last.Kind != kind) _late.Add(last = (kind, new StringBuilder()));
        last.Text.Append(text);
    }

    private void AddCall(List<TranslatedEvent> events, ToolCallDelta call, JsonElement function)
    {
        if (call.IsDelivered) return;
        if (call.Name is null && function.FindText("name"u8) is { Length: > 0 } name) call.Name = name;
        var more = function.FindText("arguments"u8);
        if (call == _streamed)
        {
            _message.AddArguments(events, more);
            return;
        }

        call.Arguments.Append(more);
        if (_streamed is null && call.Name is not null && _calls.IsNext(call)) Open(events, _streamed = call);
    }

    private void Open(List<TranslatedEvent> events, ToolCallDelta call)
    {
        var place = _calls.PlaceOf(call);
        _message.StartCall(events, call.Id ?? CompletionToMessage.CallId(_id, place), call.Name ?? $"tool_{place}");
        _message.AddArguments(events, call.Arguments.ToString());
    }

    private void Flush(List<TranslatedEvent> events)
    {
        if (_streamed is not null) _streamed.IsDelivered = true;
        foreach (var call in _calls.Waiting())
        {
            Open(events, call);
            call.IsDelivered = true;
        }

        _message.EndBlock(events);
        _streamed = null;
        foreach (var (kind, text) in _late) _message.AddText(events, kind, text.ToString());
        _late.Clear();
    }
}
