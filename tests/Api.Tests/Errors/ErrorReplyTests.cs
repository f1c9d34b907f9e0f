using System.Text;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.Data.Sqlite;

namespace AiGateway.Api.Tests.Errors;

/// <summary>Every error that a request can cause, in the formats of both APIs.</summary>
// The ledger has a real time-out of 300 milliseconds. Other fixtures would take the processor from it.
[NonParallelizable]
internal sealed class ErrorReplyTests
{
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(null, ("AI_GATEWAY_LEDGER_TIMEOUT", "300"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public void Reset() => _gateway.Provider.Reset(Answers.Completion());

    [TestCase("GET", "/api/v1/ai/nothing", 404, "not_found")]
    [TestCase("GET", "/nothing", 404, "not_found")]
    [TestCase("GET", "/api/v1/admin/users/not-a-guid", 404, "not_found")]
    [TestCase("GET", "/api/v1/admin/users/00000000-0000-7000-8000-0000000000ff", 404, "not_found")]
    [TestCase("GET", "/api/v1/admin/users/00000000-0000-7000-8000-0000000000ff/quota", 404, "not_found")]
    [TestCase("DELETE", "/api/v1/admin/keys/00000000-0000-7000-8000-0000000000ff", 404, "not_found")]
    [TestCase("DELETE", "/api/v1/ai/generate", 405, "method_not_allowed")]
    public async Task Address_WhenUnknown_SaysThatItIsUnknown(string method, string path, int status, string code)
    {
        var reply = (await _gateway.Admin.SendAsync(new HttpMethod(method), path)).Expect(status, code);

        AssertComplete(reply, status, code);
    }

    [TestCase("GET", "/v1/nothing", 404, "not_found")]
    [TestCase("GET", "/v1/models/nothing", 404, "model_not_found")]
    [TestCase("GET", "/v1/chat/completions", 405, "method_not_allowed")]
    public async Task OpenAiAddress_WhenUnknown_SaysSoInOpenAisForm(string method, string path, int status, string code)
    {
        var reply = (await _gateway.Admin.SendAsync(new HttpMethod(method), path)).Expect(status);

        var error = reply.Json.GetProperty("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(error.GetProperty("type").GetString(), Is.EqualTo("invalid_request_error"));
        Assert.That(error.GetProperty("message").GetString(), Is.Not.Empty);
    }

    [TestCase("GET", "/v1/nothing", 404, "not_found")]
    [TestCase("GET", "/v1/chat/completions", 405, "method_not_allowed")]
    public async Task OpenAiAddress_WhenAnonymousAndUnknown_SaysThatItIsUnknown(string method, string path, int status, string code)
    {
        var reply = (await _gateway.Anonymous.SendAsync(new HttpMethod(method), path)).Expect(status);

        Assert.That(reply.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo(code));
    }

    [Test]
    public async Task Request_WhenItHasManyFaults_ListsThemAll()
    {
        const string Body = """{"prompt":"a","messages":[{"role":"boss"}],"options":{"temperature":3,"maxTokens":0,"stop":[]}}""";

        var reply = (await _gateway.Admin.GenerateAsync(Body)).Expect(400, "invalid_request");

        AssertComplete(reply, 400, "invalid_request");
        var fields = reply.Json.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("field").GetString());
        Assert.That(fields, Is.EquivalentTo(new[]
        {
            "prompt", "messages[0].role", "messages[0].content", "options.temperature", "options.maxTokens", "options.stop",
        }));
    }

    [TestCase("unheard-of", "model_not_priced", "unheard-of")]
    [TestCase(TestPrices.Retired, "model_not_found", "2021-02-03. Use odd-model")]
    public async Task Model_WhenNotServed_Is404(string model, string code, string words)
    {
        var reply = (await _gateway.Admin.GenerateAsync(new { prompt = "Hi", model })).Expect(404, code);

        Assert.That(reply.Json.GetProperty("detail").GetString(), Does.Contain(words));
        AssertComplete(reply, 404, code);
        Assert.That(_gateway.Provider.Seen, Is.Empty);
    }

    [Test]
    public async Task Provider_WhenNotConfigured_Is404() =>
        (await _gateway.Admin.GenerateAsync(new { prompt = "Hi", provider = "other" })).Expect(404, "model_not_found");

    [Test]
    public async Task Body_WhenNotJson_Is415()
    {
        var request = _gateway.Admin.Request(HttpMethod.Post, "/api/v1/ai/generate");
        request.Content = new StringContent("prompt=Hi", Encoding.UTF8, "application/x-www-form-urlencoded");

        AssertComplete(await _gateway.Admin.SendAsync(request), 415, "unsupported_media_type");
    }

    [Test]
    public async Task Ledger_WhenItCannotBeWritten_RefusesInBoundedTimeAndForwardsNothing()
    {
        var user = await _gateway.CreateUserAsync();
        (await user.Caller.GenerateAsync()).Expect(200);
        _gateway.Provider.Reset(Answers.Completion());
        using var intruder = new SqliteConnection($"{_gateway.Folder.ConnectionString};Pooling=False");
        intruder.Open();
        Execute(intruder, "BEGIN IMMEDIATE");

        var refused = (await user.Caller.GenerateAsync()).Expect(503, "ledger_unavailable");
        Execute(intruder, "ROLLBACK");

        AssertComplete(refused, 503, "ledger_unavailable");
        Assert.That(refused.Header("Retry-After"), Does.Match("^[1-9][0-9]*$"));
        Assert.That(_gateway.Provider.Seen, Is.Empty);
        await Eventually.GetAsync(() => user.Caller.GenerateAsync(), reply => reply.Status == 200);
        var rows = (await user.Caller.UsageAsync()).ToLookup(row => row.GetProperty("status").GetString());
        Assert.That(rows["settled"].Count(), Is.EqualTo(2));
        Assert.That(rows.Select(group => group.Key), Is.SubsetOf(new[] { "settled", "released" }), "refused requests are not charged");
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task Gateway_WhenItFailsItself_DoesNotTellTheCause()
    {
        var user = await _gateway.CreateUserAsync();
        var reply = (await user.Caller.GenerateAsync()).Expect(200);
        _gateway.Folder.Execute($"UPDATE usage_records SET status = 99 WHERE lower(id) = '{reply.RequestId}'");

        var failed = (await user.Caller.GetAsync("/api/v1/ai/usage")).Expect(500, "internal_error");

        _gateway.Folder.Execute($"UPDATE usage_records SET status = 1 WHERE lower(id) = '{reply.RequestId}'");
        AssertComplete(failed, 500, "internal_error");
        Assert.That(failed.Json.GetProperty("detail").GetString(), Is.EqualTo("The gateway failed. Retry later, or give the request id to the operator: the log shows the cause."));
        Assert.That(_gateway.Logs.Lines.Where(line => line.Exception is not null).Select(line => line.Scopes), Has.Some.Contains($"{failed.RequestId}"));
    }

    private static void AssertComplete(Reply reply, int status, string code)
    {
        reply.Expect(status, code);
        Assert.Multiple(() =>
        {
            Assert.That(reply.Header("Content-Type"), Is.EqualTo("application/problem+json"));
            Assert.That(reply.Json.GetProperty("type").GetString(), Is.EqualTo($"urn:aigateway:error:{code}"));
            Assert.That(reply.Json.GetProperty("status").GetInt32(), Is.EqualTo(status));
            Assert.That(reply.Json.GetProperty("title").GetString(), Is.Not.Empty);
            Assert.That(reply.Json.GetProperty("detail").GetString(), Is.Not.Empty);
            Assert.That(reply.Json.GetProperty("requestId").GetGuid(), Is.EqualTo(reply.RequestId));
            Assert.That(reply.Text, Does.Not.Contain(" at AiGateway.").And.Not.Contain("Exception"));
        });
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
