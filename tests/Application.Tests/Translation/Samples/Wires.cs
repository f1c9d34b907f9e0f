using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Translation;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Translation.Samples;

/// <summary>Requests and replies in both wires, as text.</summary>
internal static class Wires
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A model that accepts everything: adaptive thinking, sampling, forced tools, prefill.</summary>
    public static readonly PricedModel Open = Model(ModelTraits.Unknown);

    /// <summary>A model of the current line: no sampling, no forced tools, no prefill, always thinking.</summary>
    public static readonly PricedModel Strict = Model(new()
    {
        Sampling = false,
        ForcedToolChoice = false,
        Prefill = false,
        Thinking = ThinkingTypes.Adaptive,
        Efforts = ReasoningEfforts.Low | ReasoningEfforts.Medium | ReasoningEfforts.High,
    });

    /// <summary>A model whose thinking has a budget.</summary>
    public static readonly PricedModel Budget = Model(new() { Thinking = ThinkingTypes.Enabled | ThinkingTypes.Disabled });

    /// <summary>A model without reasoning and without structured output.</summary>
    public static readonly PricedModel Simple = Sample.Model("m");

    /// <summary>The folder of the solution.</summary>
    public static string Repository { get; } = FindRepository();

    public static PricedModel Model(ModelTraits traits)
    {
        var model = Sample.Model("m", maxOutputTokens: 100_000);
        return model with
        {
            Traits = traits,
            Capabilities = model.Capabilities with { ContextWindow = 200_000, Reasoning = true, StructuredOutput = true, Tools = true, Vision = true },
        };
    }

    public static ModelCall Call(WireKind kind, string body, PricedModel? model = null, long limit = 1000, bool streams = false)
    {
        var priced = model ?? Open;
        var request = Sample.Request("m") with { Prompt = null, Stream = streams, Wire = new WireRequest(kind, Encoding.UTF8.GetBytes(body), []) };
        return new ModelCall(request, priced, priced.Prices[0], limit) { Worst = new CostEstimate(42, limit, 0) };
    }

    public static WireRequest ToTarget(WireKind from, WireKind to, string body, PricedModel? model = null, long limit = 1000) =>
        WireTranslator.ToTarget(Call(from, body, model, limit), to)!;

    public static string ToMessages(string chat, PricedModel? model = null, long limit = 1000) =>
        Text(ToTarget(WireKind.OpenAiChat, WireKind.AnthropicMessages, chat, model, limit).Body);

    public static string ToChat(string messages, PricedModel? model = null, long limit = 1000) =>
        Text(ToTarget(WireKind.AnthropicMessages, WireKind.OpenAiChat, messages, model, limit).Body);

    /// <summary>A call of a client of one wire to a provider of the other.</summary>
    public static ModelCall Across(WireKind client, string body = """{"messages":[{"role":"user","content":"Hi"}]}""", bool streams = false)
    {
        var other = client == WireKind.OpenAiChat ? WireKind.AnthropicMessages : WireKind.OpenAiChat;
        var call = Call(client, body, streams: streams);
        return call with { Wire = WireTranslator.ToTarget(call, other) };
    }

    /// <summary>A translator that counts one token for each character.</summary>
    public static WireTranslator Translator()
    {
        var tokens = Substitute.For<ITokenCounter>();
        tokens.CountText(default!, default!).ReturnsForAnyArgs(call => call.ArgAt<string>(1).Length);
        return new WireTranslator(tokens);
    }

    /// <summary>The same JSON without blanks, in the same order.</summary>
    public static string Minified(string json) => JsonNode.Parse(json)!.ToJsonString(Plain);

    public static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    /// <summary>The chunks that an adapter of OpenAI's wire reads from events.</summary>
    public static IEnumerable<ReplyChunk> ChatChunks(IEnumerable<string> events)
    {
        foreach (var each in events)
        {
            OpenAiChunk.Read(Encoding.UTF8.GetBytes(each), null, null, out var chunk);
            yield return chunk;
        }
    }

    /// <summary>The chunks that an adapter of Anthropic's wire reads from events, as far as a translation needs them.</summary>
    public static IEnumerable<ReplyChunk> MessageChunks(IEnumerable<string> events)
    {
        foreach (var each in events)
        {
            using var json = JsonDocument.Parse(each);
            var root = json.RootElement;
            yield return new ReplyChunk
            {
                Json = Encoding.UTF8.GetBytes(each),
                EventType = root.FindText("type"u8),
                Content = root.Find("delta"u8)?.FindText("text"u8),
                FinishReason = root.Find("delta"u8)?.FindText("stop_reason"u8),
                Usage = root.FindText("type"u8) == "message_delta" && root.Find("usage"u8) is { } usage ? UsageIn(usage) : null,
            };
        }
    }

    /// <summary>A stream that ends in order, or with a failure.</summary>
    public static async IAsyncEnumerator<ReplyChunk> Stream(IEnumerable<ReplyChunk> chunks, Exception? failure = null)
    {
        await Task.Yield();
        foreach (var chunk in chunks) yield return chunk;
        if (failure is not null) throw failure;
    }

    /// <summary>Every chunk of a translated stream.</summary>
    public static async Task<List<ReplyChunk>> TranslateAsync(ModelCall call, IEnumerable<ReplyChunk> chunks)
    {
        var reply = Translator().ToClient("alpha", call, new ModelReply { Model = "m", Chunks = Stream(chunks) });
        var read = new List<ReplyChunk>();
        await using var stream = reply.Chunks!;
        while (await stream.MoveNextAsync()) read.Add(stream.Current);
        return read;
    }

    /// <summary>The texts of the events that a client sees, each after its name where it has one.</summary>
    public static async Task<string[]> EventsAsync(ModelCall call, IEnumerable<ReplyChunk> chunks) =>
        [.. (await TranslateAsync(call, chunks)).Where(chunk => !chunk.Json.IsEmpty).Select(chunk => Text(chunk.Json))];

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiGateway.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static TokenUsage UsageIn(JsonElement usage)
    {
        long Of(string name) => usage.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;
        var (read, written) = (Of("cache_read_input_tokens"), Of("cache_creation_input_tokens"));
        return new TokenUsage(Of("input_tokens") + read + written, Of("output_tokens"), read, written);
    }
}
