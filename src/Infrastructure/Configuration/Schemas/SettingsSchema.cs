using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiGateway.Infrastructure.Configuration.Providers;

namespace AiGateway.Infrastructure.Configuration.Schemas;

/// <summary>
/// The JSON schema of <c>appsettings.json</c> and of the file of <c>AI_GATEWAY_CONFIG</c>, made from
/// <see cref="KnownSettings"/>. Editors use it to complete names and to mark faults.
/// </summary>
public static partial class SettingsSchema
{
    private const string Unlimited = "unlimited";

    /// <summary>The schema as text.</summary>
    public static string Write()
    {
        var root = SchemaText.Root("Settings of AiGateway", "Settings in appsettings.json, and the lists Providers and Routes of the file of AI_GATEWAY_CONFIG.");
        var properties = new JsonObject();
        foreach (var setting in KnownSettings.All) Add(properties, setting);
        properties[ProviderListReader.Section] = ProviderSchemas.Providers();
        properties[RouteListReader.Section] = ProviderSchemas.Routes();

        // The file may hold other settings, such as those of logging. A name that looks like one of the gateway's must be one.
        root["patternProperties"] = new JsonObject { ["_FILE$"] = SchemaText.Described("string", "path of a file with the value of the setting of this name without _FILE") };
        root["propertyNames"] = new JsonObject
        {
            ["if"] = new JsonObject { ["pattern"] = "^(AI_GATEWAY|AI_QUOTA|OPENAI|AZURE_OPENAI)_" },
            ["then"] = new JsonObject { ["enum"] = SchemaText.Words(KnownSettings.All.Where(each => each == TopLevel(each)).SelectMany(each => new[] { each.Name, $"{each.Name}_FILE" })) },
        };
        root["properties"] = properties;
        return SchemaText.Of(root);
    }

    private static Setting? TopLevel(Setting setting) => setting.Name.Contains(':', StringComparison.Ordinal) ? null : setting;

    private static void Add(JsonObject properties, Setting setting)
    {
        var path = setting.Name.Split(':');
        foreach (var section in path[..^1])
        {
            properties[section] ??= new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject(),
                ["patternProperties"] = new JsonObject { ["_FILE$"] = new JsonObject { ["type"] = "string" } },
            };

            // Connection strings of other names belong to the operator.
            if (section != "ConnectionStrings") properties[section]!["additionalProperties"] = false;
            properties = properties[section]!["properties"]!.AsObject();
        }

        properties[path[^1]] = ValueOf(setting);
    }

    private static JsonObject ValueOf(Setting setting)
    {
        var value = setting switch
        {
            { Choices.Count: > 0 } => new JsonObject { ["enum"] = SchemaText.Words([.. setting.Choices, ""]) },
            { Default: "true" or "false" } => new JsonObject { ["enum"] = new JsonArray(true, false, "true", "false", "") },
            { Default.Length: > 0 } when decimal.TryParse(setting.Default, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) => NumberOf(setting),
            _ => new JsonObject { ["type"] = SchemaText.Words(["string", "integer"]) },
        };
        value["description"] = setting.Description;
        if (setting.Default.Length > 0) value["default"] = setting.Default;
        return value;
    }

    // A number, or a text with one: environment variables and settings files look the same to the gateway.
    private static JsonObject NumberOf(Setting setting)
    {
        var isWhole = !setting.Default.Contains('.', StringComparison.Ordinal);
        var number = new JsonObject { ["type"] = isWhole ? "integer" : "number", ["minimum"] = 0 };
        if (Bounds().Match(setting.Description) is { Success: true } bounds)
        {
            if (!setting.Description.Contains("or 0", StringComparison.Ordinal)) number["minimum"] = long.Parse(bounds.Groups["low"].Value, CultureInfo.InvariantCulture);
            number["maximum"] = long.Parse(bounds.Groups["high"].Value, CultureInfo.InvariantCulture);
        }

        var digits = isWhole ? "[0-9]+" : @"[0-9]+(\.[0-9]{1,9})?";
        var words = setting.Description.Contains(Unlimited, StringComparison.Ordinal) ? $"|{Unlimited}" : "";
        return new JsonObject { ["anyOf"] = new JsonArray(number, new JsonObject { ["type"] = "string", ["pattern"] = $"^({digits}{words})?$" }) };
    }

    [GeneratedRegex(@"\b(?<low>\d+) to (?<high>\d+)\b")]
    private static partial Regex Bounds();
}
