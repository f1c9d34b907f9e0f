using System.Text.Json.Nodes;
using AiGateway.Application.Tests.Translation.Samples;
using AiGateway.Domain;

namespace AiGateway.Application.Tests.Translation;

/// <summary>Whatever a client sends, a translation keeps the rules of the other wire, or the request is refused.</summary>
public sealed class SoundRequestTests
{
    private static readonly string Recordings = Path.Combine(Wires.Repository, "tests", "Api.Tests", "Fixtures", "Clients");

    public static IEnumerable<string> OfChat => Recorded("/chat/completions");

    public static IEnumerable<string> OfMessages => Recorded("/messages");

    [TestCase(31)]
    [TestCase(32)]
    public void ChatCompletion_OfAnyOrderOfMessages(int seed)
    {
        var random = new Random(seed);
        var translated = 0;
        for (var i = 0; i < 1500; i++)
        {
            var chat = Wild(random).ToJsonString();
            try
            {
                var request = Wires.ToMessages(chat);
                translated++;
                Assert.That(MessagesWire.FaultsOf(request), Is.Empty, $"{chat}\n{request}");
            }
            catch (InvalidRequestException refusal)
            {
                Assert.That(refusal.Faults.Single().Field, Does.StartWith("messages"));
            }
        }

        Assert.That(translated, Is.GreaterThan(300));
    }

    // A search of the provider is refused at the API already.
    [TestCaseSource(nameof(OfChat))]
    public void RecordedChatCompletion_IsTranslated(string client)
    {
        var body = Body(client);
        if (client == "meai-chat-web-search") Assert.Throws<InvalidRequestException>(() => Wires.ToMessages(body));
        else Assert.That(MessagesWire.FaultsOf(Wires.ToMessages(body)), Is.Empty);
    }

    [TestCaseSource(nameof(OfMessages))]
    public void RecordedMessageRequest_IsTranslatedThereAndBack(string client)
    {
        var chat = Wires.ToChat(Body(client), limit: 32_000);

        Assert.That(Wires.ToChat(Wires.ToMessages(chat, limit: 32_000), limit: 32_000), Is.EqualTo(chat));
    }

    private static JsonObject Wild(Random random)
    {
        var messages = new JsonArray();
        var open = new List<string>();
        for (var i = random.Next(1, 9); i > 0; i--) messages.Add(Message(random, open));
        while (open.Count > 0 && random.Next(5) > 0) messages.Add(Result(random, open));
        if (random.Next(4) > 0) messages.Add(new JsonObject { ["role"] = "user", ["content"] = Text(random) });
        return new JsonObject { ["messages"] = messages };
    }

    private static JsonObject Message(Random random, List<string> open)
    {
        if (open.Count > 0 && random.Next(3) > 0) return Result(random, open);
        switch (random.Next(6))
        {
            case 0:
                return new JsonObject { ["role"] = random.Next(2) == 0 ? "system" : "developer", ["content"] = Text(random) };
            case 1 or 2 when open.Count == 0:
                open.AddRange(Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"c{"._-:/"[random.Next(5)]}{random.Next(20)}").Distinct());
                return new JsonObject
                {
                    ["role"] = "assistant",
                    ["content"] = random.Next(2) == 0 ? null : Text(random),
                    ["tool_calls"] = new JsonArray([.. open.Select(id => (JsonNode)new JsonObject
                    {
                        ["id"] = id,
                        ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = random.Next(3) switch { 0 => "", 1 => " {} ", _ => "{\"a\":1}" } },
                    })]),
                };
            case 3:
                return new JsonObject { ["role"] = "assistant", ["content"] = Text(random) };
            case 4:
                return new JsonObject { ["role"] = "user", ["content"] = new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => (JsonNode)new JsonObject { ["type"] = "text", ["text"] = Text(random) })]) };
            default:
                return new JsonObject { ["role"] = "user", ["content"] = Text(random) };
        }
    }

    private static JsonObject Result(Random random, List<string> open)
    {
        var id = open[random.Next(open.Count)];
        if (random.Next(12) > 0) open.Remove(id);
        return new JsonObject { ["role"] = "tool", ["tool_call_id"] = id, ["content"] = Text(random) };
    }

    private static string Text(Random random) => random.Next(5) switch { 0 => "", 1 => " \n", _ => "text" };

    private static IEnumerable<string> Recorded(string path) => Directory.EnumerateFiles(Recordings, "*.json")
        .Where(file => JsonNode.Parse(File.ReadAllText(file)) is { } recording && recording["body"] is JsonObject && recording["path"]!.GetValue<string>().Split('?')[0].EndsWith(path, StringComparison.Ordinal))
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    private static string Body(string client) => JsonNode.Parse(File.ReadAllText(Path.Combine(Recordings, client + ".json")))!["body"]!.ToJsonString();
}
