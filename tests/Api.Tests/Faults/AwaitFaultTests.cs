using System.Net.Http.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Faults;

/// <summary>
/// Every operation that a request awaits is made to fail in every way, before and after it did its work. A granted hold is settled once,
/// and no hold remains. The leases are too long to expire in this test.
/// </summary>
internal sealed class AwaitFaultTests
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);

    private static readonly string[] ChatEvents =
    [
        """{"id":"c","object":"chat.completion.chunk","model":"odd-model","choices":[{"index":0,"delta":{"content":"Hello "}}]}""",
        """{"id":"c","object":"chat.completion.chunk","model":"odd-model","choices":[{"index":0,"delta":{"content":"you."},"finish_reason":"stop"}]}""",
        """{"id":"c","object":"chat.completion.chunk","model":"odd-model","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14}}""",
        "[DONE]",
    ];

    private static readonly string[] ResponseEvents =
    [
        """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","model":"odd-model","output":[],"usage":null}}""",
        """{"type":"response.output_text.delta","sequence_number":1,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hello "}""",
        """{"type":"response.output_text.delta","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"you."}""",
        """{"type":"response.completed","sequence_number":3,"response":{"id":"resp_1","object":"response","status":"completed","model":"odd-model","output":[],"usage":{"input_tokens":11,"output_tokens":3,"total_tokens":14}}}""",
    ];

    private readonly FaultPoints _points = new();
    private GatewayHost _gateway = null!;

    private static IEnumerable<TestCaseData> Requests
    {
        get
        {
            var chat = new { model = TestPrices.Model, messages = new[] { new { role = "user", content = "Hello." } } };
            var response = new { model = TestPrices.Model, input = "Hello." };
            yield return new TestCaseData("/api/v1/ai/generate", new { prompt = "Hello." }).SetArgDisplayNames("native");
            yield return new TestCaseData("/api/v1/ai/generate", new { prompt = "Hello.", stream = true }).SetArgDisplayNames("native stream");
            yield return new TestCaseData("/v1/chat/completions", chat).SetArgDisplayNames("chat");
            yield return new TestCaseData("/v1/chat/completions", new { chat.model, chat.messages, stream = true }).SetArgDisplayNames("chat stream");
            yield return new TestCaseData("/v1/responses", response).SetArgDisplayNames("response");
            yield return new TestCaseData("/v1/responses", new { response.model, previous_response_id = "resp_0", response.input })
                .SetArgDisplayNames("response after another");
            yield return new TestCaseData("/v1/responses", new { response.model, response.input, stream = true })
                .SetArgDisplayNames("response stream");
            yield return new TestCaseData(
                    "/v1/responses", new { response.model, previous_response_id = "resp_0", response.input, stream = true })
                .SetArgDisplayNames("response stream after another");
        }
    }

    /// <summary>The exceptions to throw; null stands for a caller who leaves.</summary>
    private static IEnumerable<Func<Exception>?> Faults =>
    [
        null,
        () => new ProviderException(ErrorCode.ProviderFailed, "openai", "It failed."),
        () => new ProviderTimeoutException("openai", TimeSpan.FromSeconds(1)),
        () => new AiGatewayException(ErrorCode.LedgerUnavailable, "The ledger is away."),
        () => new OperationCanceledException("Cancelled without a request."),
        () => new SqliteException("The disk is full.", 13),
        () => new IOException("The connection broke."),
        () => new InvalidOperationException("A bug."),
    ];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartChangedAsync(
            services =>
            {
                PortProxy.Decorate(services, _points);
                services.AddSingleton<IStartupFilter>(new FaultyConnection(_points));
            },
            ("AI_GATEWAY_HOLD_LEASE", "3600000"),
            ("AI_QUOTA_DAILY_LIMIT", "1000000"),
            ("AI_QUOTA_MONTHLY_LIMIT", "1000000"),
            ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "100000"));
        _gateway.Folder.Execute("""
            INSERT INTO stored_objects (id, user_id, request_id, provider, created_at)
            SELECT 'resp_0', id, id, 'openai', 0 FROM users
            """);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCaseSource(nameof(Requests))]
    public async Task Fault_AtEveryOperationThatARequestAwaits_LeavesNoHold(string path, object body)
    {
        _gateway.Provider.Answer = body.GetType().GetProperty("stream") is null ? Answers.Completion() : StreamAsync;
        _points.Arm(0);
        Assert.That(await SendAsync(path, body), Is.EqualTo(200), "without a fault the request succeeds");
        Assert.That(_points.Passed, Does.Contain("ILedger.HoldAsync").And.Contain("ILedger.SettleAsync").And.Contain("read"));
        Assert.That(_points.Passed, Does.Contain("write").Or.Contain("flush"));
        var (failed, granted) = (0, 0);
        foreach (var fault in Faults)
        {
            foreach (var after in new[] { false, true })
            {
                for (var point = 1; ; point++)
                {
                    _points.Arm(point, after, fault);
                    await SendAsync(path, body);
                    if (!_points.WasReached) break;
                    if (_points.HasFailed) failed++;
                    granted += _points.Settlements.Count;
                    await AssertNothingIsHeldAsync($"{fault?.Invoke().GetType().Name ?? "caller left"} {(after ? "after" : "before")} point {point}");
                }
            }
        }

        TestContext.Out.WriteLine($"{failed} faults, {granted} holds, points: {string.Join(", ", _points.Passed)}");
        Assert.That(failed, Is.GreaterThan(100));
        Assert.That(granted, Is.GreaterThan(50));
        await _gateway.Admin.VerifyAsync();
    }

    private async Task AssertNothingIsHeldAsync(string where)
    {
        var place = $"{where}: {string.Join(", ", _points.Passed)}";
        Assert.That(_points.Settlements.Values, Is.All.EqualTo(1), place);

        // The writer itself releases a hold whose caller left before the answer. It does that in the transaction after the one of the hold.
        for (var i = 0; i < 2; i++)
        {
            await _gateway.Services.GetRequiredService<ILedger>()
                .SettleAsync(new Settlement { RequestId = Guid.Empty, Status = UsageStatus.Released, Latency = TimeSpan.Zero });
        }

        Assert.That(_gateway.Folder.Read<long>("SELECT count(*) FROM usage_records WHERE status IN (0, 3)"), Is.Zero, place);
        Assert.That(_gateway.Folder.Read<long>("SELECT coalesce(sum(held_nano_usd), 0) FROM quota_counters"), Is.Zero, place);
    }

    /// <summary>The status of the reply; 0 if the connection broke.</summary>
    private async Task<int> SendAsync(string path, object body)
    {
        try
        {
            var request = _gateway.Admin.Request(HttpMethod.Post, path);
            request.Headers.Add(FaultyConnection.Marker, "yes");

            // A kept connection may be broken by the last fault. The request would then fail before it reaches the gateway.
            request.Headers.ConnectionClose = true;
            request.Content = JsonContent.Create(body);
            using var response = await Http.SendAsync(request);
            await response.Content.ReadAsStringAsync();
            return (int)response.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return 0;
        }
        finally
        {
            await _points.Finished.Task.WaitAsync(LongEnough);
        }
    }

    private static async Task StreamAsync(SeenRequest request, HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        var isResponse = request.Target.EndsWith("/responses", StringComparison.Ordinal);
        foreach (var each in isResponse ? ResponseEvents : ChatEvents) await http.Response.WriteAsync($"data: {each}\n\n");
    }
}
