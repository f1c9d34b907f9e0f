using System.Text;
using System.Text.Json;
using AiGateway.Application.Requests;

namespace AiGateway.Api.Wires;

/// <summary>Collects what the model reads, each item in the unit by which it is held.</summary>
internal sealed class PromptCollector(WireReader reader)
{
    // Tokens that a provider adds to the prompt for a tool that is defined by its name alone. No provider publishes the
    // figure; a computer tool of a comparable API costs 735.
    private const int BuiltInToolTokens = 1000;

    private readonly List<ChatMessage> _messages = [];
    private readonly List<string> _texts = [];
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private int _images;
    private int _lowDetailImages;
    private long _audioCharacters;
    private long _tokens;
    private bool _isUnbounded;

    public IReadOnlyList<ChatMessage> Messages => _messages;

    public PromptExtras ToExtras(string? prediction = null) => new()
    {
        Texts = _texts,
        BoundedBySize = _pieces,
        Images = _images,
        LowDetailImages = _lowDetailImages,
        AudioCharacters = _audioCharacters,
        IsUnbounded = _isUnbounded,
        Prediction = prediction,
        Tokens = _tokens,
    };

    public void AddText(string text) => _texts.Add(text);

    public void AddMessage(string role, string text) => _messages.Add(new ChatMessage(role, text));

    public void AddTokens(long tokens) => _tokens += tokens;

    public void AddBuiltInTool() => _tokens += BuiltInToolTokens;

    /// <summary>Counts a value as its JSON text.</summary>
    public void AddRaw(JsonElement? value)
    {
        if (value is { } json) _texts.Add(json.GetRawText());
    }

    /// <summary>Counts a member, its name included, as its JSON text.</summary>
    public void AddRaw(JsonProperty member) => _texts.Add(Encoding.UTF8.GetString(reader.BytesOf(member).Span));

    /// <summary>Holds a piece of the body by its bytes.</summary>
    public void AddBytes(ReadOnlyMemory<byte> piece)
    {
        if (piece.Length > 0) _pieces.Add(piece);
    }

    /// <summary>Holds a non-text part by the rule of its kind.</summary>
    public void AddPart(PartKind kind, JsonElement part)
    {
        switch (kind)
        {
            case PartKind.Image:
                _images++;
                break;
            case PartKind.LowDetailImage:
                _lowDetailImages++;
                break;
            case PartKind.Audio:
                _audioCharacters += reader.BytesOf(part).Length;
                break;
            default:
                _isUnbounded = true;
                break;
        }
    }

    /// <summary>Notes that the model reads something of unknown size.</summary>
    public void AddUnbounded() => _isUnbounded = true;
}
