using System.Text.Json.Nodes;
using AiGateway.Testing;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>Reads YAML as JSON. Aliases and merged mappings (<c>&lt;&lt;</c>) are resolved.</summary>
internal static class Yaml
{
    /// <summary>A file of the repository.</summary>
    public static JsonObject Read(string path) => Parse(Repository.Read(path));

    public static JsonObject Parse(string text) => All(text).Single();

    /// <summary>The documents of a text, without empty ones.</summary>
    public static IEnumerable<JsonObject> All(string text)
    {
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        return text.ReplaceLineEndings("\n").Split("\n---\n")
            .Select(document => ToJson(reader.Deserialize(new MergingParser(new Parser(new StringReader(document))))))
            .OfType<JsonObject>();
    }

    private static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        Dictionary<object, object?> mapping => new JsonObject(mapping.Select(each => KeyValuePair.Create($"{each.Key}", ToJson(each.Value)))),
        List<object?> list => new JsonArray([.. list.Select(ToJson)]),
        string text => JsonValue.Create(text),
        bool isTrue => JsonValue.Create(isTrue),
        IConvertible number => JsonValue.Create(Convert.ToDecimal(number, System.Globalization.CultureInfo.InvariantCulture)),
        _ => throw new NotSupportedException($"{value.GetType()} in YAML."),
    };
}
