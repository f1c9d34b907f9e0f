namespace AiGateway.Api.Tests.Bounds;

/// <summary>Content that the gateway cannot bound is held as the context window, wherever it appears. It is still sent.</summary>
internal sealed class PartTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private BoundGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("""{"type":"video_url","video_url":{"url":"https://example.com/a.mp4"}}""")]
    [TestCase("""{"type":"audio_url","audio_url":{"url":"https://example.com/a.mp3"}}""")]
    [TestCase("""{"type":"document","document":{"id":"doc_1"}}""")]
    [TestCase("""{"image_url":{"url":"https://example.com/a.png"}}""")]
    [TestCase("""{"type":"text","text":"x","image_url":{"url":"https://example.com/a.png"}}""")]
    [TestCase("""{"type":"image_url","image_url":{"url":"https://example.com/a.png"},"video_url":"https://example.com/a.mp4"}""")]
    [TestCase("""{"type":"image_url","image_url":{"url":"https://example.com/a.png","frames":"https://example.com/a.mp4"}}""")]
    [TestCase("""{"type":"image_url","image_url":{"url":"data:application/pdf;base64,JVBERi0="}}""")]
    [TestCase("""{"type":"image_url","image_url":{"url":"gs://bucket/a"}}""")]
    [TestCase("""{"type":"image_url","image_url":{"file_id":"file_1"}}""")]
    [TestCase("""{"type":"image_url"}""")]
    [TestCase("""{"type":"input_audio","input_audio":{"data":"https://example.com/a.mp3","format":"mp3"}}""")]
    [TestCase("""{"type":"input_audio","input_audio":{"data":"https\u003a\/\/example.com/a.mp3","format":"mp3"}}""")]
    [TestCase("""{"type":"input_audio","input_audio":{"data":"QUJD","format":"opus"}}""")]
    [TestCase("""{"type":"input_audio","audio":{"id":"audio_1"}}""")]
    [TestCase("""{"type":"file","file":{"file_id":"file_1"}}""")]
    [TestCase("""{"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0=","filename":"a.pdf"}}""")]
    [TestCase("""{"Type":"text","text":"x"}""")]
    [TestCase("""{"type":"text","text":{"value":"x"}}""")]
    [TestCase("""{"type":"never_heard_of","text":"x"}""")]
    public async Task Chat_WhenAPartCannotBeBounded_HoldsTheContextWindow(string part) =>
        Assert.That(await _stage.HeldForAsync(Chat, Message($$"""{"role":"user","content":[{"type":"text","text":"q"},{{part}}]}""")), Is.AtLeast(BoundGateway.Window));

    [TestCase("""{"role":"assistant","audio":{"id":"audio_1"}}""")]
    [TestCase("""{"role":"user","content":"q","images":["QUJD"]}""")]
    [TestCase("""{"role":"user","content":"q","Content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}""")]
    [TestCase("""{"role":"user","content":"q","extension":{"deep":[{"file_id":"file_1"}]}}""")]
    [TestCase("""{"role":"user","content":"q","extension":"https://example.com/a.mp4"}""")]
    [TestCase("""{"role":"user","content":"q","extension":"https\u003A\/\/example.com/a.mp4"}""")]
    public async Task Chat_WhenAMessageNamesContentOutsideItsContentMember_HoldsTheContextWindow(string message) =>
        Assert.That(await _stage.HeldForAsync(Chat, Message(message)), Is.AtLeast(BoundGateway.Window));

    [TestCase("""{"type":"function_call_output","call_id":"c","output":[{"type":"input_file","file_url":"https://example.com/a.pdf"}]}""")]
    [TestCase("""{"type":"custom_tool_call_output","call_id":"c","output":[{"type":"input_file","file_url":"https://example.com/a.pdf"}]}""")]
    [TestCase("""{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","file_id":"file_1"}]}""")]
    [TestCase("""{"type":"function_call_output","call_id":"c","output":"x","file_url":"https://example.com/a.pdf"}""")]
    [TestCase("""{"type":"computer_call_output","call_id":"c","output":{"type":"computer_screenshot","file_id":"file_1"}}""")]
    [TestCase("""{"type":"shell_call_output","call_id":"c","output":[{"stdout":"x","image_url":"https://example.com/a.png"}]}""")]
    [TestCase("""{"type":"message","role":"user","content":[{"type":"input_file","file_id":"file_1"}]}""")]
    [TestCase("""{"type":"message","role":"user","content":[{"type":"input_image","file_id":"file_1","detail":"low"}]}""")]
    [TestCase("""{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"q"}}""")]
    [TestCase("""{"type":"never_heard_of","text":"x"}""")]
    public async Task Responses_WhenAnItemCannotBeBounded_HoldsTheContextWindow(string item) =>
        Assert.That(await _stage.HeldForAsync(Responses, Input(item)), Is.AtLeast(BoundGateway.Window));

    [TestCase("image_url", """{"url":"https://example.com/a.png"}""")]
    [TestCase("image_url", """{"url":"https:\/\/example.com\/a.png","detail":"low"}""")]
    [TestCase("image_url", """{"url":"data:image/png;base64,QUJD","detail":"high"}""")]
    [TestCase("input_image", "\"https://example.com/a.png\"")]
    public async Task Chat_WithAnImage_HoldsTheModelsImageRule(string type, string image)
    {
        var held = await _stage.HeldForAsync(Chat, Message($$"""{"role":"user","content":[{"type":"{{type}}","image_url":{{image}}},{"type":"text","text":"q"}]}"""));

        Assert.That(held, Is.InRange(BoundGateway.Image, BoundGateway.Image + 500));
    }

    [Test]
    public async Task Responses_WithImagesInAToolsOutput_HoldsEachByTheImageRuleAndNotByItsBytes()
    {
        var image = $$"""{"type":"input_image","image_url":"data:image/png;base64,{{new string('A', 50_000)}}"}""";
        var images = string.Join(',', Enumerable.Repeat(image, 20));

        var held = await _stage.HeldForAsync(Responses, Input($$"""{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"q"},{{images}}]}"""));

        Assert.That(held, Is.InRange(20 * BoundGateway.Image, (20 * BoundGateway.Image) + 500));
    }

    [Test]
    public async Task Responses_WithAScreenshotInline_HoldsItByTheImageRule()
    {
        var screenshot = $$"""{"type":"computer_screenshot","image_url":"data:image/png;base64,{{new string('A', 50_000)}}"}""";

        var held = await _stage.HeldForAsync(Responses, Input($$"""{"type":"computer_call_output","call_id":"c","output":{{screenshot}}}"""));

        Assert.That(held, Is.InRange(BoundGateway.Image, BoundGateway.Image + 500));
    }

    [TestCase("""{"type":"function_call","call_id":"c","name":"f","arguments":"{SIZE}"}""")]
    [TestCase("""{"type":"function_call_output","call_id":"c","output":"{SIZE}"}""")]
    [TestCase("""{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"{SIZE}"}]}""")]
    [TestCase("""{"type":"custom_tool_call","call_id":"c","name":"f","input":"{SIZE}"}""")]
    [TestCase("""{"type":"local_shell_call","id":"lsh_1","call_id":"c","status":"completed","action":{"type":"exec","command":["{SIZE}"],"env":{"URL":"https://example.com"}}}""")]
    [TestCase("""{"type":"shell_call_output","call_id":"c","output":[{"stdout":"https://example.com/{SIZE}","stderr":"","outcome":{"type":"exit","exit_code":0}}]}""")]
    [TestCase("""{"type":"apply_patch_call","call_id":"c","status":"completed","operation":{"type":"create_file","path":"a","diff":"{SIZE}"}}""")]
    [TestCase("""{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"{SIZE}"}""")]
    [TestCase("""{"type":"compaction","id":"cmp_1","encrypted_content":"{SIZE}"}""")]
    public async Task Responses_WithAnItemOfAToolThatTheClientRuns_HoldsItsBytes(string item)
    {
        var whole = item.Replace("{SIZE}", new string('A', 10_000), StringComparison.Ordinal);

        Assert.That(await _stage.HeldForAsync(Responses, Input(whole)), Is.InRange(whole.Length, whole.Length + 500));
    }

    [TestCase("tool_call_id")]
    [TestCase("name")]
    [TestCase("id")]
    [TestCase("status")]
    [TestCase("type")]
    [TestCase("reasoning_content")]
    [TestCase("never_heard_of")]
    public async Task Chat_WhenAMemberOfAMessageIsLarge_IncludesItInTheHold(string member)
    {
        const int Words = 100_000;
        var large = string.Concat(Enumerable.Repeat("word ", Words));

        Assert.That(await _stage.HeldForAsync(Chat, Message($$"""{"role":"tool","content":"q","{{member}}":"{{large}}"}""")), Is.AtLeast(Words));
    }

    [Test]
    public async Task Chat_OfATextPart_HoldsOnlyTheTextAndTheOtherMembersOfThePart()
    {
        var body = Message("""{"role":"user","content":[{"type":"text","text":"q","cache_control":{"type":"ephemeral"}}]}""");

        Assert.That(await _stage.HeldForAsync(Chat, body), Is.LessThan(500));
    }

    [TestCase("""[["a long text that is no token", "and another"]]""")]
    [TestCase("""[[[1,2,3]]]""")]
    public async Task Embeddings_WhenTokensAreNoNumbers_AreRefused(string input)
    {
        var error = await _stage.RefusedAsync("/v1/embeddings", $$"""{"model":"text-embedding-round","input":{{input}}}""");

        Assert.That(error.GetProperty("param").GetString(), Is.EqualTo("input"));
    }

    private static string Message(string message) => $$"""{"model":"gpt-5-round","max_tokens":16,"messages":[{{message}}]}""";

    private static string Input(string item) =>
        $$"""{"model":"gpt-5-round","max_output_tokens":16,"input":[{{item}},{"role":"user","content":"q"}]}""";
}
