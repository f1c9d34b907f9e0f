using System.Text.Json.Nodes;
using AiGateway.Domain;
using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Infrastructure.Configuration.Schemas;

/// <summary>The JSON schema of price files (<c>AI_GATEWAY_PRICES</c>). docs/prices.md describes the members.</summary>
public static class PriceFileSchema
{
    private const string Day = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
    private const string Amount = @"^[0-9]+(\.[0-9]+)?$";

    /// <summary>The schema as text.</summary>
    public static string Write()
    {
        var root = SchemaText.Root("Price file of AiGateway", "Dated prices and traits of models, see docs/prices.md.");
        root["properties"] = new JsonObject
        {
            ["$schema"] = Text("ignored"),
            ["checkedOn"] = Date("the day on which the prices were last compared with their sources"),
            ["models"] = SchemaText.ListOf(Model(), "the entries; a provider and model may occur once"),
        };
        root["required"] = SchemaText.Words(["models"]);
        root["additionalProperties"] = false;
        return SchemaText.Of(root);
    }

    private static JsonObject Model() => SchemaText.Closed(
        new JsonObject
        {
            ["model"] = Text("the model's name, as requests and the provider use it"),
            ["provider"] = Text("the seller, such as openai or anthropic, or a name of yours"),
            ["contextWindow"] = Whole("input and output tokens together that one call may hold", 1, TokenUsage.MaxPlausibleTokens),
            ["maxOutputTokens"] = Whole("most output tokens of one choice; 0 for embeddings", 0, TokenUsage.MaxPlausibleTokens),
            ["capabilities"] = WordsOf("what it can do; default: chat", ModelEntry.Capabilities),
            ["traits"] = Traits(),
            ["retiredOn"] = Date("first UTC day on which the provider no longer serves it"),
            ["successor"] = Text("the model that the provider names as its replacement"),
            ["tokenizer"] = Optional(new JsonObject { ["description"] = "how input is held; left out: by the model's name" }, ModelEntry.Tokenizers.Keys),
            ["tokenFactorPercent"] = Whole("measured tokens of this model for 100 tokens of o200k_base", 1, ModelEntry.MaxFactorPercent),
            ["toolCalls"] = new JsonObject
            {
                ["type"] = SchemaText.Words(["object", "null"]),
                ["description"] = "the price in US dollars of one call of a tool that the provider runs, by the tool's type without its date",
                ["additionalProperties"] = new JsonObject { ["type"] = "string", ["pattern"] = Amount },
            },
            ["prices"] = AtLeastOne(SchemaText.ListOf(Price(), "dated prices, oldest first")),
        },
        "model", "provider", "contextWindow", "maxOutputTokens", "prices");

    private static JsonObject Traits()
    {
        var traits = SchemaText.Closed(new JsonObject
        {
            ["sampling"] = Flag("false: refuses temperature, top_p and top_k"),
            ["forcedToolChoice"] = Flag("false: refuses a tool choice that forces a tool call"),
            ["prefill"] = Flag("false: refuses a last message of the assistant"),
            ["audio"] = Flag("false: refuses audio, or bills it at a price of its own"),
            ["thinking"] = WordsOf("the accepted types", ModelEntry.Thinking.Keys),
            ["efforts"] = WordsOf("the accepted efforts", ModelEntry.Efforts.Keys),
        });
        traits["type"] = SchemaText.Words(["object", "null"]);
        traits["description"] = "what it accepts in a request; what is not given counts as accepted";
        return traits;
    }

    private static JsonObject Price() => SchemaText.Closed(
        new JsonObject
        {
            ["effectiveFrom"] = new JsonObject { ["type"] = "string", ["pattern"] = Day, ["description"] = "first UTC day of the price" },
            ["free"] = Flag("true: an amount of 0 is meant"),
            ["inputUsdPerMillion"] = Usd("a million ordinary input tokens"),
            ["cachedInputUsdPerMillion"] = Usd("a million input tokens read from the provider's cache; left out: as ordinary ones"),
            ["cacheWriteUsdPerMillion"] = Usd("a million input tokens written to the provider's cache; left out: as ordinary ones"),
            ["cacheWrite1hUsdPerMillion"] = Usd("the same, written for one hour; left out: the higher of the cache write and the input price"),
            ["outputUsdPerMillion"] = Usd("a million output tokens; not required when maxOutputTokens is 0"),
            ["longContextAboveTokens"] = Whole("a request with more input tokens is billed whole at the next two factors", 1, TokenUsage.MaxPlausibleTokens),
            ["longContextInputPercent"] = Percent("factor on all input prices of a long request"),
            ["longContextOutputPercent"] = Percent("factor on the output price of a long request"),
            ["flexPercent"] = Percent("factor on everything in the flex tier"),
            ["priorityPercent"] = Percent("factor on everything in the priority tier"),
            ["usGeographyPercent"] = Percent("factor on everything of a call that is kept in the United States"),
            ["fastPercent"] = Percent("factor on everything of a call in the provider's fast mode"),
            ["peakPercent"] = Percent("factor on everything of a call that touches the peak hours"),
            ["peakHoursUtc"] = new JsonObject
            {
                ["type"] = SchemaText.Words(["array", "null"]),
                ["description"] = "the peak hours in UTC, the end excluded, such as mon-fri 01:00-04:00",
                ["items"] = new JsonObject { ["type"] = "string" },
            },
            ["source"] = Text("where the figures were read"),
        },
        "effectiveFrom");

    // A missing member and null are the same.
    private static JsonObject Text(string description) => new() { ["type"] = SchemaText.Words(["string", "null"]), ["description"] = description };

    private static JsonObject Date(string description) => new() { ["type"] = SchemaText.Words(["string", "null"]), ["pattern"] = Day, ["description"] = description };

    private static JsonObject Usd(string description) => new()
    {
        ["type"] = SchemaText.Words(["string", "null"]),
        ["pattern"] = Amount,
        ["description"] = $"US dollars for {description}",
    };

    private static JsonObject Whole(string description, long low, long high) => new()
    {
        ["type"] = SchemaText.Words(["integer", "null"]),
        ["minimum"] = low,
        ["maximum"] = high,
        ["description"] = description,
    };

    private static JsonObject Percent(string description) => Whole($"{description}; 100: no change", 1, PriceEntry.MaxPercent);

    private static JsonObject Flag(string description) => new() { ["type"] = SchemaText.Words(["boolean", "null"]), ["description"] = description };

    private static JsonObject Optional(JsonObject value, IEnumerable<string> words)
    {
        value["enum"] = new JsonArray([.. words.Select(word => (JsonNode?)word), null]);
        return value;
    }

    private static JsonObject WordsOf(string description, IEnumerable<string> words) => new()
    {
        ["type"] = SchemaText.Words(["array", "null"]),
        ["description"] = description,
        ["items"] = new JsonObject { ["enum"] = SchemaText.Words(words) },
    };

    private static JsonObject AtLeastOne(JsonObject list)
    {
        list["minItems"] = 1;
        return list;
    }
}
