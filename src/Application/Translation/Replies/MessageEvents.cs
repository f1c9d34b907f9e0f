using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.Replies;

/// <summary>Writes the events of a streamed message in their order: a block is ended before the next one starts.</summary>
internal sealed class MessageEvents
{
    private int _blocks;
    private BlockKind? _open;

    /// <summary>The message begins.</summary>
    public static void Start(List<TranslatedEvent> events, string id, string model, TokenUsage usage) => Add(events, "message_start", json =>
    {
        json.WriteStartObject("message"u8);
        CompletionToMessage.WriteHead(json, id, model);
        json.WriteStartArray("content"u8);
        json.WriteEndArray();
        json.WriteNull("stop_reason"u8);
        json.WriteNull("stop_sequence"u8);
        WireUsage.WriteOfMessage(json, usage);
        json.WriteEndObject();
    });

    /// <summary>Continues the open block of this kind, or starts one.</summary>
    public void AddText(List<TranslatedEvent> events, BlockKind kind, string text)
    {
        var member = kind == BlockKind.Text ? "text" : "thinking";
        if (_open != kind)
        {
            StartBlock(events, kind, block =>
            {
                block.WriteString("type"u8, member);
                block.WriteString(member, ""u8);
                if (kind == BlockKind.Thinking) block.WriteString("signature"u8, ""u8);
            });
        }

        AddDelta(events, $"{member}_delta", member, text);
    }

    /// <summary>Starts the block of a tool call.</summary>
    public void StartCall(List<TranslatedEvent> events, string id, string name) => StartBlock(events, BlockKind.Tool, block =>
    {
        block.WriteString("type"u8, "tool_use"u8);
        block.WriteString("id"u8, id);
        block.WriteString("name"u8, name);
        block.WritePropertyName("input"u8);
        block.WriteEmptyObject();
    });

    /// <summary>Continues the arguments of the open tool call.</summary>
    public void AddArguments(List<TranslatedEvent> events, string? more)
    {
        if (!string.IsNullOrEmpty(more)) AddDelta(events, "input_json_delta", "partial_json", more);
    }

    /// <summary>Ends the open block, if there is one.</summary>
    public void EndBlock(List<TranslatedEvent> events)
    {
        if (_open is null) return;
        _open = null;
        Add(events, "content_block_stop", json => json.WriteNumber("index"u8, _blocks - 1));
    }

    /// <summary>Ends the message.</summary>
    public void Stop(List<TranslatedEvent> events, string stopReason, string? stopSequence, TokenUsage usage)
    {
        EndBlock(events);
        Add(events, "message_delta", json =>
        {
            json.WriteStartObject("delta"u8);
            CompletionToMessage.WriteStop(json, stopReason, stopSequence);
            json.WriteEndObject();
            WireUsage.WriteOfMessage(json, usage);
        });
        Add(events, "message_stop", static _ => { });
    }

    private void StartBlock(List<TranslatedEvent> events, BlockKind kind, Action<Utf8JsonWriter> writeBlock)
    {
        EndBlock(events);
        (_open, var index) = (kind, _blocks++);
        Add(events, "content_block_start", json =>
        {
            json.WriteNumber("index"u8, index);
            json.WriteStartObject("content_block"u8);
            writeBlock(json);
            json.WriteEndObject();
        });
    }

    private void AddDelta(List<TranslatedEvent> events, string type, string member, string value) => Add(events, "content_block_delta", json =>
    {
        json.WriteNumber("index"u8, _blocks - 1);
        json.WriteStartObject("delta"u8);
        json.WriteString("type"u8, type);
        json.WriteString(member, value);
        json.WriteEndObject();
    });

    private static void Add(List<TranslatedEvent> events, string type, Action<Utf8JsonWriter> write) => events.Add(new(
        WireJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            write(json);
            json.WriteEndObject();
        }),
        type));
}

/// <summary>The kind of a block of a message.</summary>
internal enum BlockKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Visible reasoning.</summary>
    Thinking,

    /// <summary>A tool call.</summary>
    Tool,
}
