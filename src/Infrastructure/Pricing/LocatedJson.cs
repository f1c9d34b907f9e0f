using System.Text;
using System.Text.Json;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>A JSON value with its line and path, so a fault can be found in an editor.</summary>
internal sealed record LocatedJson(JsonTokenType Kind, int Line, string Path)
{
    /// <summary>A string's value, or a number as it is written.</summary>
    public string Text { get; private init; } = "";

    /// <summary>An object's members in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, LocatedJson>> Members { get; private init; } = [];

    /// <summary>An array's items.</summary>
    public IReadOnlyList<LocatedJson> Items { get; private init; } = [];

    /// <exception cref="JsonException">Malformed; the message begins with the line.</exception>
    public static LocatedJson Parse(ReadOnlySpan<byte> utf8)
    {
        var byteOrderMark = "\uFEFF"u8;
        var parser = new Parser(utf8.StartsWith(byteOrderMark) ? utf8[byteOrderMark.Length..] : utf8);
        try
        {
            return parser.ReadDocument();
        }
        catch (JsonException malformed)
        {
            // The framework's message may quote the text, and the configured file may be a wrong and secret one.
            throw new JsonException($"line {malformed.LineNumber + 1}: is not valid JSON (at byte {malformed.BytePositionInLine + 1} of the line)");
        }
        catch (InvalidOperationException)
        {
            throw new JsonException($"line {parser.Line}: holds text that is not valid Unicode");
        }
    }

    private ref struct Parser(ReadOnlySpan<byte> utf8)
    {
        private readonly ReadOnlySpan<byte> _utf8 = utf8;
        private Utf8JsonReader _reader = new(utf8);
        private int _counted;

        /// <summary>The line of the token read last.</summary>
        public int Line { get; private set; } = 1;

        public LocatedJson ReadDocument()
        {
            Read();
            var root = ReadValue("$");
            Read();
            return root;
        }

        private bool Read()
        {
            if (!_reader.Read()) return false;
            var start = (int)_reader.TokenStartIndex;
            Line += _utf8[_counted..start].Count((byte)'\n');
            _counted = start;
            return true;
        }

        private LocatedJson ReadValue(string path)
        {
            var value = new LocatedJson(_reader.TokenType, Line, path);
            return value.Kind switch
            {
                JsonTokenType.StartObject => value with { Members = ReadMembers(path) },
                JsonTokenType.StartArray => value with { Items = ReadItems(path) },
                JsonTokenType.String => value with { Text = _reader.GetString()! },
                JsonTokenType.Number => value with { Text = Encoding.UTF8.GetString(_reader.ValueSpan) },
                _ => value,
            };
        }

        private List<KeyValuePair<string, LocatedJson>> ReadMembers(string path)
        {
            var members = new List<KeyValuePair<string, LocatedJson>>();
            while (Read() && _reader.TokenType != JsonTokenType.EndObject)
            {
                var name = _reader.GetString()!;
                Read();
                members.Add(new(name, ReadValue($"{path}.{name}")));
            }

            return members;
        }

        private List<LocatedJson> ReadItems(string path)
        {
            var items = new List<LocatedJson>();
            while (Read() && _reader.TokenType != JsonTokenType.EndArray) items.Add(ReadValue($"{path}[{items.Count}]"));
            return items;
        }
    }
}
