using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.Extensions.Logging;

namespace AiGateway.Api.Tests.Logs;

/// <summary>What an operator finds in the log at the default levels.</summary>
internal sealed class LogTests
{
    private GatewayHost _gateway = null!;
    private TestUser _user = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync();
        _user = await _gateway.CreateUserAsync();
    }

    [TearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Generation_WhenItEnds_WritesOneLineWithUserModelTokensAndCost()
    {
        _gateway.Provider.Answer = Answers.Completion(prompt: 1_234, completion: 56);

        var reply = (await _user.Caller.GenerateAsync()).Expect(200);

        var line = LinesOf(reply).Single();
        Assert.Multiple(() =>
        {
            Assert.That(line.Level, Is.EqualTo(LogLevel.Information));
            Assert.That(line.Values["RequestId"], Is.EqualTo(reply.RequestId));
            Assert.That(line.Values["UserId"], Is.EqualTo(_user.Id));
            Assert.That(line.Values["Outcome"], Is.EqualTo("ok"));
            Assert.That(line.Values["Provider"], Is.EqualTo("openai"));
            Assert.That(line.Values["Model"], Is.EqualTo(TestPrices.Model));
            Assert.That(line.Values["PromptTokens"], Is.EqualTo(1_234));
            Assert.That(line.Values["CompletionTokens"], Is.EqualTo(56));
            Assert.That(line.Values["CostNanoUsd"], Is.EqualTo((long)(TestPrices.CostUsd(1_234, 56) * 1_000_000_000)));
            Assert.That(line.Values["LatencyMs"], Is.EqualTo(reply.Json.GetProperty("latencyMs").GetDouble()).Within(0.01));
            Assert.That(line.Message, Does.Contain($"{_user.Id}").And.Contain("1234 prompt and 56 completion tokens"));
        });
    }

    [Test]
    public async Task Generation_WhenItFails_WritesOneLineWithTheCode()
    {
        _gateway.Provider.Answer = Answers.Error(400, "no");

        var reply = (await _user.Caller.GenerateAsync()).Expect(400);

        var line = LinesOf(reply).Single(each => each.Values.ContainsKey("Outcome"));
        Assert.That(line.Values["Outcome"], Is.EqualTo("provider_rejected"));
        Assert.That(line.Values["UserId"], Is.EqualTo(_user.Id));
        Assert.That(line.Values["CostNanoUsd"], Is.Zero);
    }

    [Test]
    public async Task Generation_WhenRefused_WritesOneLineWithTheLimit()
    {
        await _gateway.Admin.SetQuotaAsync(_user.Id, monthly: 0);

        var reply = (await _user.Caller.GenerateAsync()).Expect(429);

        var line = LinesOf(reply).Single();
        Assert.That(line.Values["Limit"], Is.EqualTo("monthly_requests"));
        Assert.That(line.Values["UserId"], Is.EqualTo(_user.Id));
    }

    [Test]
    public async Task Lines_WhenWrittenForARequest_AllHaveItsId()
    {
        var before = _gateway.Logs.Lines.Count;
        _gateway.Provider.Answer = Answers.Error(500, "no");
        var failed = await _user.Caller.GenerateAsync();
        var failedLines = _gateway.Logs.Lines.Skip(before).ToArray();
        _gateway.Folder.Execute("ALTER TABLE users RENAME TO elsewhere");
        before = _gateway.Logs.Lines.Count;
        var broken = (await _gateway.Admin.GetAsync("/api/v1/admin/users")).Expect(503, "ledger_unavailable");
        var brokenLines = _gateway.Logs.Lines.Skip(before).ToArray();

        Assert.That(failedLines, Is.Not.Empty);
        foreach (var line in failedLines) Assert.That(line.Scopes, Does.Contain($"{failed.RequestId}"), line.Everything);
        Assert.That(brokenLines.Select(line => line.Level), Has.Some.EqualTo(LogLevel.Error));
        foreach (var line in brokenLines) Assert.That(line.Scopes, Does.Contain($"{broken.RequestId}"), line.Everything);
    }

    [Test]
    public async Task Content_WhenSentAndAnswered_IsNotLogged()
    {
        var bodies = new object[]
        {
            new { prompt = "canary prompt", systemPrompt = "canary system", options = new { stop = new[] { "canary stop" } } },
            new { messages = new[] { new { role = "user", content = "canary message" } } },
            new { prompt = "canary", canaryMember = 1 },
            new { prompt = "canary \0" },
        };
        foreach (var answer in (Answer[])[Answers.Completion("canary answer"), Answers.Error(400, "canary words"), Answers.Raw("canary bytes"), Answers.Error(500, "canary")])
        {
            _gateway.Provider.Answer = answer;
            foreach (var body in bodies) await _user.Caller.GenerateAsync(body);
        }

        Assert.That(_gateway.Logs.Lines, Has.Count.AtLeast(8));
        foreach (var line in _gateway.Logs.Lines) Assert.That(line.Everything, Does.Not.Contain("canary"));
    }

    private IEnumerable<LogLine> LinesOf(Reply reply) =>
        _gateway.Logs.Lines.Where(line => line.Category.StartsWith("AiGateway.Application", StringComparison.Ordinal)
            && line.Message.Contains($"{reply.RequestId}", StringComparison.Ordinal));
}
