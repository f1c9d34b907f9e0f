using AiGateway.Application.Generation;
using AiGateway.Application.Requests;

namespace AiGateway.Application.Tests.Generation;

/// <summary>Requests on both sides of every bound of the generate command, with the names of the faulty fields.</summary>
internal static class GenerateEdges
{
    private const string LoneSurrogate = "a\ud83d";
    private static readonly string LongestName = new('n', 200);
    private static readonly string TooLongName = new('n', 201);

    public static IEnumerable<TestCaseData> Inside =>
    [
        Case("prompt of one character", ask => ask with { Prompt = "x" }),
        Case("blank prompt", ask => ask with { Prompt = " " }),
        Case("prompt with a surrogate pair", ask => ask with { Prompt = "\U0001F600" }),
        Case("one message", ask => Saying(ask, new ChatMessage("user", "x"))),
        Case("2048 messages", ask => Saying(ask, Many(2048))),
        Case("role system", ask => Saying(ask, new ChatMessage("system", "x"))),
        Case("role developer", ask => Saying(ask, new ChatMessage("developer", "x"))),
        Case("role assistant", ask => Saying(ask, new ChatMessage("assistant", "x"))),
        Case("role tool", ask => Saying(ask, new ChatMessage("tool", "x"))),
        Case("empty content", ask => Saying(ask, new ChatMessage("assistant", ""))),
        Case("system prompt", ask => ask with { SystemPrompt = "Be brief." }),
        Case("model of 200 characters", ask => ask with { Model = LongestName }),
        Case("provider of 200 characters", ask => ask with { Provider = LongestName }),
        Case("user of 200 characters", ask => ask with { EndUser = LongestName }),
        Case("stream", ask => ask with { Stream = true }),
        Case("the client's own JSON with neither", ask => ask with { Prompt = null, Wire = new(WireKind.OpenAiChat, default, []) }),
        Case("n 1", ask => ask with { Choices = 1 }),
        Case("n 128", ask => ask with { Choices = 128 }),
        Option("temperature 0", options => options with { Temperature = 0 }),
        Option("temperature 2", options => options with { Temperature = 2 }),
        Option("topP 0", options => options with { TopP = 0 }),
        Option("topP 1", options => options with { TopP = 1 }),
        Option("frequencyPenalty -2", options => options with { FrequencyPenalty = -2 }),
        Option("frequencyPenalty 2", options => options with { FrequencyPenalty = 2 }),
        Option("presencePenalty -2", options => options with { PresencePenalty = -2 }),
        Option("presencePenalty 2", options => options with { PresencePenalty = 2 }),
        Option("maxTokens 1", options => options with { MaxTokens = 1 }),
        Option("maxTokens 2147483647", options => options with { MaxTokens = int.MaxValue }),
        Option("one stop", options => options with { Stop = ["a"] }),
        Option("four stops", options => options with { Stop = ["a", "b", "c", "d"] }),
        Option("stop at a line break", options => options with { Stop = ["\n"] }),
        Option("smallest seed", options => options with { Seed = long.MinValue }),
        Option("responseFormat text", options => options with { ResponseFormat = "text" }),
        Option("responseFormat json", options => options with { ResponseFormat = "json" }),
    ];

    public static IEnumerable<TestCaseData> Outside =>
    [
        Case("neither prompt nor messages", ask => ask with { Prompt = null }, "prompt"),
        Case("both prompt and messages", ask => Saying(ask, new ChatMessage("user", "x")) with { Prompt = "x" }, "prompt"),
        Case("empty prompt", ask => ask with { Prompt = "" }, "prompt"),
        Case("NUL in prompt", ask => ask with { Prompt = "a\0b" }, "prompt"),
        Case("high surrogate at the end of prompt", ask => ask with { Prompt = LoneSurrogate }, "prompt"),
        Case("high surrogate before a letter in prompt", ask => ask with { Prompt = "\ud83dz" }, "prompt"),
        Case("low surrogate first in prompt", ask => ask with { Prompt = "\ude00\ud83d" }, "prompt"),
        Case("NUL in system prompt", ask => ask with { SystemPrompt = "\0" }, "systemPrompt"),
        Case("lone surrogate in system prompt", ask => ask with { SystemPrompt = LoneSurrogate }, "systemPrompt"),
        Case("no messages", ask => Saying(ask), "messages"),
        Case("2049 messages", ask => Saying(ask, Many(2049)), "messages"),
        Case("missing message", ask => Saying(ask, Many(1)[0], null!), "messages[1]"),
        Case("unknown role", ask => Saying(ask, new ChatMessage("User", "x")), "messages[0].role"),
        Case("missing role", ask => Saying(ask, new ChatMessage(null!, "x")), "messages[0].role"),
        Case("missing content", ask => Saying(ask, Many(1)[0], new ChatMessage("user", null!)), "messages[1].content"),
        Case("NUL in content", ask => Saying(ask, new ChatMessage("user", "\0")), "messages[0].content"),
        Case("lone surrogate in content", ask => Saying(ask, new ChatMessage("user", LoneSurrogate)), "messages[0].content"),
        Case("empty model", ask => ask with { Model = "" }, "model"),
        Case("blank model", ask => ask with { Model = " " }, "model"),
        Case("model of 201 characters", ask => ask with { Model = TooLongName }, "model"),
        Case("NUL in model", ask => ask with { Model = "m\0" }, "model"),
        Case("provider of 201 characters", ask => ask with { Provider = TooLongName }, "provider"),
        Case("empty provider", ask => ask with { Provider = "" }, "provider"),
        Case("user of 201 characters", ask => ask with { EndUser = TooLongName }, "user"),
        Case("empty user", ask => ask with { EndUser = "" }, "user"),
        Case("lone surrogate in user", ask => ask with { EndUser = LoneSurrogate }, "user"),
        Case("n 0", ask => ask with { Choices = 0 }, "n"),
        Case("n 129", ask => ask with { Choices = 129 }, "n"),
        Case("the client's own JSON with n 0", ask => ask with { Wire = new(WireKind.OpenAiChat, default, []), Choices = 0 }, "n"),
        Case("no options", ask => ask with { Options = null! }, "options"),
        Option("temperature below 0", options => options with { Temperature = -double.Epsilon }, "options.temperature"),
        Option("temperature above 2", options => options with { Temperature = 2.0000001 }, "options.temperature"),
        Option("temperature NaN", options => options with { Temperature = double.NaN }, "options.temperature"),
        Option("topP below 0", options => options with { TopP = -0.0000001 }, "options.topP"),
        Option("topP above 1", options => options with { TopP = 1.0000001 }, "options.topP"),
        Option("frequencyPenalty below -2", options => options with { FrequencyPenalty = -2.0000001 }, "options.frequencyPenalty"),
        Option("frequencyPenalty above 2", options => options with { FrequencyPenalty = 2.0000001 }, "options.frequencyPenalty"),
        Option("presencePenalty below -2", options => options with { PresencePenalty = -2.0000001 }, "options.presencePenalty"),
        Option("presencePenalty infinite", options => options with { PresencePenalty = double.PositiveInfinity }, "options.presencePenalty"),
        Option("maxTokens 0", options => options with { MaxTokens = 0 }, "options.maxTokens"),
        Option("maxTokens 2147483648", options => options with { MaxTokens = int.MaxValue + 1L }, "options.maxTokens"),
        Option("no stops", options => options with { Stop = [] }, "options.stop"),
        Option("five stops", options => options with { Stop = ["a", "b", "c", "d", "e"] }, "options.stop"),
        Option("empty stop", options => options with { Stop = ["a", ""] }, "options.stop[1]"),
        Option("missing stop", options => options with { Stop = ["a", null!] }, "options.stop[1]"),
        Option("NUL in stop", options => options with { Stop = ["\0"] }, "options.stop[0]"),
        Option("responseFormat in capitals", options => options with { ResponseFormat = "JSON" }, "options.responseFormat"),
        Option("empty responseFormat", options => options with { ResponseFormat = "" }, "options.responseFormat"),
        Case(
            "everything at once",
            ask => Saying(ask, new ChatMessage("boss", "\0")) with
            {
                Model = "",
                EndUser = "",
                Choices = 0,
                Options = new() { Temperature = 3, MaxTokens = 0, Stop = ["", "ok", ""] },
            },
            "messages[0].role", "messages[0].content",
            "options.temperature", "options.maxTokens", "options.stop[0]", "options.stop[2]", "model", "user", "n"),
    ];

    private static TestCaseData Case(string name, Func<Generate, Generate> vary, params string[] fields) =>
        new TestCaseData(vary(Sample.Request()), fields).SetArgDisplayNames(name);

    private static TestCaseData Option(string name, Func<GenerateOptions, GenerateOptions> vary, params string[] fields) =>
        Case(name, ask => ask with { Options = vary(GenerateOptions.Default) }, fields);

    private static Generate Saying(Generate ask, params ChatMessage[] messages) => ask with { Prompt = null, Messages = messages };

    private static ChatMessage[] Many(int count) => [.. Enumerable.Repeat(new ChatMessage("user", "x"), count)];
}
