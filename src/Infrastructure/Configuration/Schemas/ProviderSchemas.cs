using System.Text.Json.Nodes;
using AiGateway.Application.OpenAiWire;
using AiGateway.Infrastructure.Configuration.Providers;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.Infrastructure.Configuration.Schemas;

/// <summary>The JSON schemas of the lists <c>Providers</c> and <c>Routes</c>. docs/providers.md describes the members.</summary>
internal static class ProviderSchemas
{
    public static JsonObject Providers() => SchemaText.ListOf(SchemaText.Closed(ProviderMembers(), "name"), "the accounts at vendors and servers, see docs/providers.md");

    public static JsonObject Routes()
    {
        var target = SchemaText.Closed(
            new JsonObject
            {
                ["provider"] = SchemaText.Described("string", "name of a provider"),
                ["model"] = SchemaText.Described("string", "model there"),
                ["weight"] = Whole("share of the requests of its group; default: 1", 1, 1_000_000),
            },
            "provider", "model");
        var group = SchemaText.Closed(new JsonObject { ["targets"] = SchemaText.ListOf(target, "targets among which the requests are shared by weight") }, "targets");
        return SchemaText.ListOf(
            SchemaText.Closed(
                new JsonObject
                {
                    ["model"] = SchemaText.Described("string", "model name of requests"),
                    ["groups"] = SchemaText.ListOf(group, "groups of targets, tried in order"),
                    ["fallbackOn"] = WordsOf("refusals after which the next target is tried", ["context", "content"]),
                },
                "model", "groups"),
            "model names of your own, see docs/providers.md");
    }

    private static JsonObject ProviderMembers() => new()
    {
        ["name"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[a-z][a-z0-9_-]{0,59}$", ["description"] = "name in requests and usage records" },
        ["preset"] = Choice("what is known of the vendor; default: generic", ProviderPreset.Names),
        ["wire"] = Choice("wire of chat; default: of the preset", [WireNames.OpenAi, WireNames.Anthropic]),
        ["baseUrl"] = SchemaText.Described("string", "address with the version"),
        ["apiKey"] = SchemaText.Described("string", "the key, env:NAME, file:PATH or entra; keep keys out of files that others read"),
        ["apiVersion"] = SchemaText.Described("string", "of the preset azure alone: the version of the dated API"),
        ["organization"] = SchemaText.Described("string", "sent to OpenAI"),
        ["project"] = SchemaText.Described("string", "sent to OpenAI"),
        ["wires"] = WordsOf("kinds of requests that it serves; default: of the preset", WireNames.All),
        ["models"] = SchemaText.ListOf(Model(), "the only models that it serves; default: every model with a price"),
        ["pricedAs"] = TextList("sellers in the price book, in order"),
        ["requestTimeout"] = Milliseconds(),
        ["reasoningTimeout"] = Milliseconds(),
        ["attemptTimeout"] = Milliseconds(),
        ["streamIdleTimeout"] = Milliseconds(),
        ["maxConnections"] = Whole("most connections at once; default: no bound", 1, 1_000_000),
        ["requestsPerMinute"] = Whole("requests a minute that the account may make", 1, 1_000_000_000_000),
        ["tokensPerMinute"] = Whole("tokens a minute that the account may use", 1, 1_000_000_000_000),
        ["proxy"] = SchemaText.Described("string", "address of a proxy for this provider"),
        ["sendsTraceparent"] = Flag("whether calls carry the trace of the request"),
        ["quirks"] = Quirks(),
    };

    private static JsonObject Model() => SchemaText.Closed(
        new JsonObject
        {
            ["name"] = SchemaText.Described("string", "name in requests"),
            ["upstream"] = SchemaText.Described("string", "its name at the provider; default: the same"),
            ["requestTimeout"] = Milliseconds(),
        },
        "name");

    private static JsonObject Quirks() => SchemaText.Closed(new JsonObject
    {
        ["outputLimit"] = Choice("member for the output limit", [OutputLimit.Older, OutputLimit.Newer]),
        ["sendsStreamOptions"] = Flag("whether streams ask for their usage"),
        ["repairsFinishReason"] = Flag("whether a missing finish reason is filled in"),
        ["billsAbortedCalls"] = Flag("whether a call that its client leaves is billed in full"),
        ["chargesReportedCost"] = Flag("whether the cost that a reply reports is charged"),
        ["droppedMembers"] = TextList("members that are removed from requests"),
    });

    private static JsonObject Choice(string description, IEnumerable<string> words) => new() { ["description"] = description, ["enum"] = SchemaText.Words(words) };

    private static JsonObject Flag(string description) => new() { ["description"] = description, ["enum"] = new JsonArray(true, false, "true", "false") };

    private static JsonObject Milliseconds() => Whole("milliseconds; default: the setting AI_GATEWAY_*_TIMEOUT", 100, 3_600_000);

    private static JsonObject Whole(string description, long low, long high) => new()
    {
        ["description"] = description,
        ["type"] = SchemaText.Words(["integer", "string"]),
        ["minimum"] = low,
        ["maximum"] = high,
        ["pattern"] = "^[0-9]+$",
    };

    private static JsonObject TextList(string description) => new()
    {
        ["description"] = description,
        ["type"] = SchemaText.Words(["array", "string"]),
        ["items"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject WordsOf(string description, IEnumerable<string> words)
    {
        var list = TextList(description);
        list["items"] = new JsonObject { ["enum"] = SchemaText.Words(words) };
        return list;
    }
}
