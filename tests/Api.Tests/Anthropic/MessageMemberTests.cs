using System.Text;
using AiGateway.Domain;

namespace AiGateway.Api.Tests.Anthropic;

/// <summary>The top-level members and the headers of a message request.</summary>
internal sealed class MessageMemberTests
{
    private MessagesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("""{"model":"claude-sonnet-5-5","messages":[{"role":"user","content":"q"}]}""", "max_tokens: is required")]
    [TestCase("""{"model":"claude-sonnet-5-5","max_tokens":null,"messages":[{"role":"user","content":"q"}]}""", "max_tokens: is required")]
    [TestCase("""{"model":"claude-sonnet-5-5","max_tokens":-1,"messages":[{"role":"user","content":"q"}]}""", "max_tokens: must be")]
    [TestCase("""{"model":"claude-sonnet-5-5","max_tokens":1}""", "messages: must be")]
    [TestCase("""{"model":"claude-sonnet-5-5","max_tokens":1,"messages":[]}""", "messages: must be")]
    public async Task Member_MissingOrOutOfRange_IsRefusedByName(string body, string words) =>
        Assert.That(await _stage.RefusedAsync(body), Does.Contain(words));

    [TestCase("""
        "mcp_servers":[{"type":"url","url":"https://example.com","name":"s"}],
        """, "mcp_servers")]
    [TestCase("""
        "container":"container_1",
        """, "container")]
    [TestCase("""
        "fallbacks":[{"model":"claude-haiku-5-5"}],
        """, "fallbacks")]
    [TestCase("""
        "billing_policy":{"type":"billing_policy","bill_to":"user_profile"},
        """, "billing_policy")]
    [TestCase("""
        "fallback_credit_token":"t",
        """, "fallback_credit_token")]
    [TestCase("""
        "compaction":{"type":"summarize"},
        """, "compaction")]
    [TestCase("""
        "context_management":{"edits":[{"type":"clear_thinking_20251015"},{"type":"compact_20260112"}]},
        """, "context_management")]
    [TestCase("""
        "context_management":{"edits":[{"type":"never_heard_of"}]},
        """, "context_management")]
    [TestCase("""
        "thread":{"type":"create"},
        """, "thread")]
    [TestCase("""
        "speed":"faster",
        """, "speed")]
    [TestCase("""
        "speed":"fast",
        """, "speed")]
    [TestCase("""
        "inference_geo":"eu",
        """, "inference_geo")]
    [TestCase("""
        "inference_geo":"us",
        """, "inference_geo")]
    [TestCase("""
        "Max_Tokens":5,
        """, "Max_Tokens")]
    [TestCase("""
        "metadata":"x",
        """, "metadata")]
    public async Task Member_ThatCannotBePricedOrIsAmbiguous_IsRefusedByName(string member, string name) =>
        Assert.That(await _stage.RefusedAsync(MessagesGateway.Body("\"q\"", member)), Does.StartWith($"{name}: "));

    [TestCase("""
        "mcp_servers":[],"container":null,"fallbacks":[],"speed":"standard","inference_geo":"global",
        """)]
    [TestCase("""
        "context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"},{"type":"clear_tool_uses_20250919"}]},
        """)]
    [TestCase("""
        "thinking":{"type":"adaptive"},"temperature":1,"top_p":0.9,"top_k":5,"stop_sequences":["x"],"cache_control":{"type":"ephemeral","ttl":"1h"},
        """)]
    [TestCase("""
        "diagnostics":{"previous_message_id":"msg_1"},"service_tier":"auto","metadata":{"user_id":null},"stream":false,
        """)]
    public async Task Member_ThatCostsNothingMore_Passes(string members)
    {
        var body = MessagesGateway.Body("\"q\"", members);

        Assert.That(await _stage.HeldForAsync(body), Is.LessThan(200));
        Assert.That(_stage.Sent, Is.EqualTo(body));
    }

    [TestCase("", 300)]
    [TestCase("\"service_tier\":\"auto\",", 300)]
    [TestCase("\"service_tier\":\"standard_only\",", 100)]
    [TestCase("\"service_tier\":\"standard_only\",\"speed\":\"fast\",", 200)]
    [TestCase("\"service_tier\":\"standard_only\",\"inference_geo\":\"us\",", 110)]
    [TestCase("\"service_tier\":\"standard_only\",\"speed\":\"fast\",\"inference_geo\":\"us\",", 220)]
    public async Task Hold_CoversTheMostExpensivePriceThatTheRequestMayGet(string members, int percent)
    {
        var text = new string('A', 100_000);

        var held = await _stage.HeldForAsync(MessagesGateway.Body($"\"{text}\"", members, MessagesGateway.Surcharged));

        Assert.That(held, Is.InRange(1_000L * percent, 1_020L * percent));
    }

    [TestCase("user-7", "user-7", null)]
    [TestCase("user_ab12_account_cd34_session_0f9e-11", "user_ab12_account_cd34", "0f9e-11")]
    [TestCase("""{\"device_id\":\"d1\",\"account_uuid\":\"a1\",\"session_id\":\"s1\"}""", "a1", "s1")]
    [TestCase("""{\"device_id\":\"d1\",\"account_uuid\":\"\",\"session_id\":\"s1\"}""", "d1", "s1")]
    [TestCase("{no object", "{no object", null)]
    [TestCase("", null, null)]
    public async Task UserId_NamesTheEndUserAndTheConversation(string id, string? endUser, string? conversation)
    {
        await _stage.HeldForAsync(MessagesGateway.Body("\"q\"", $$"""
            "metadata":{"user_id":"{{id}}"},
            """));

        Assert.That((_stage.Request.EndUser, _stage.Request.ConversationKey), Is.EqualTo((endUser, conversation)));
    }

    [Test]
    public async Task Headers_OfTheWire_ArePassedOnVerbatimAndTheSessionNamesTheConversation()
    {
        _stage.Provider.Reset();
        var request = Request(MessagesGateway.Path + "?beta=true");
        request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
        request.Headers.TryAddWithoutValidation("anthropic-beta", "never-heard-of-2030-01-01, other");
        request.Headers.TryAddWithoutValidation("x-claude-code-session-id", "session-1");
        request.Headers.TryAddWithoutValidation("x-app", "cli");

        (await _stage.Caller.SendAsync(request)).Expect(200);

        Assert.That(_stage.Request.Wire!.Headers, Is.EqualTo(new KeyValuePair<string, string>[]
        {
            new("anthropic-version", "2023-06-01"), new("anthropic-beta", "never-heard-of-2030-01-01, other"),
        }));
        Assert.That(_stage.Request.ConversationKey, Is.EqualTo("session-1"));
    }

    [Test]
    public async Task Header_OfTheWireBeyondAscii_IsRefused()
    {
        var request = Request(MessagesGateway.Path);
        request.Headers.TryAddWithoutValidation("anthropic-beta", "\u00fc");

        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1 });
        using var reply = await http.SendAsync(request);

        Assert.That((int)reply.StatusCode, Is.EqualTo(400));
        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Contain("anthropic-beta"));
    }

    [Test]
    public async Task Reply_IsTheProvidersWithItsRequestId()
    {
        _stage.Provider.Reset();

        var reply = (await _stage.Caller.PostAsync(MessagesGateway.Path, MessagesGateway.Body("\"q\""))).Expect(200);

        Assert.That(reply.Text, Is.EqualTo(MessagesGateway.Reply));
        Assert.That(reply.Header("request-id"), Is.EqualTo(MessagesAdapter.ProviderRequestId));
        Assert.That(reply.Header("x-request-id"), Is.EqualTo(_stage.Request.RequestId.ToString()));
        Assert.That(_stage.Request.Operation, Is.EqualTo(ModelOperation.Chat));
    }

    private HttpRequestMessage Request(string path)
    {
        var request = _stage.Caller.Request(HttpMethod.Post, path);
        request.Content = new StringContent(MessagesGateway.Body("\"q\""), Encoding.UTF8, "application/json");
        return request;
    }
}
