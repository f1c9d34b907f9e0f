using System.Text.Json;

namespace AiGateway.StandIn.Requests;

/// <summary>Reads the members of a request strictly. A member with a wrong type or value is refused by name.</summary>
internal sealed class Fields
{
    private readonly string _path;

    private Fields(JsonElement root, string path)
    {
        Root = root.ValueKind == JsonValueKind.Object ? root : throw Refusal.WrongType(path, "an object");
        _path = path;
    }

    public JsonElement Root { get; }

    public static Fields Of(JsonElement element, string path) => new(element, path);

    public static Fields OfBody(RecordedRequest request)
    {
        if (!request.Headers.TryGetValue("content-type", out var type) || !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            throw new Refusal(400, "The body must be application/json.");
        try
        {
            return new Fields(request.Json, "body");
        }
        catch (JsonException)
        {
            throw new Refusal(400, "The body is not valid JSON.");
        }
    }

    public string NameOf(string member) => _path == "body" ? member : $"{_path}.{member}";

    /// <summary>The member; null if it is missing or null.</summary>
    public JsonElement? Find(string name) =>
        Root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Refusal.WrongType(NameOf(name), "a string");

    public string RequiredText(string name) =>
        Text(name) ?? throw Refusal.Of(NameOf(name), $"'{NameOf(name)}' is required.", "missing_required_parameter");

    public string? OneOf(string name, params string[] allowed)
    {
        if (Text(name) is not { } value) return null;
        return allowed.Contains(value)
            ? value
            : throw Refusal.Of(NameOf(name), $"'{NameOf(name)}' must be one of {string.Join(", ", allowed)}.", "invalid_value");
    }

    public bool Flag(string name, bool otherwise = false) => Find(name) is not { } value ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Refusal.WrongType(NameOf(name), "a boolean");

    public long? Whole(string name, long least = long.MinValue, long most = long.MaxValue)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number)) throw Refusal.WrongType(NameOf(name), "an integer");
        return number >= least && number <= most ? number : throw OutOfBounds(name, least, most);
    }

    public double? Number(string name, double least, double most)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number)) throw Refusal.WrongType(NameOf(name), "a number");
        return number >= least && number <= most ? number : throw OutOfBounds(name, least, most);
    }

    public Fields? Inner(string name) => Find(name) is { } value ? new Fields(value, NameOf(name)) : null;

    public List<JsonElement>? List(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw Refusal.WrongType(NameOf(name), "an array");

    private Refusal OutOfBounds(string name, object least, object most) =>
        Refusal.Of(NameOf(name), FormattableString.Invariant($"'{NameOf(name)}' must be between {least} and {most}."), "invalid_value");
}
