using AiGateway.Api.RequestLimits;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Quotas;
using AiGateway.Domain;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.RequestLimits;

/// <summary>A caller whose quota is used up is refused before its body is read.</summary>
internal sealed class SpentQuotaTests
{
    private const string Body = """{"model":"gpt-4o","messages":[{"role":"user","content":"Say hello."}],"input":"Hi"}""";
    private FakeTimeProvider _clock = null!;
    private GatewayHost _gateway = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 15, 12, 0, 0, TimeSpan.Zero));
        _gateway = await GatewayHost.StartAsync(_clock);
    }

    [TearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("/api/v1/ai/generate")]
    [TestCase("/v1/chat/completions")]
    [TestCase("/v1/responses")]
    [TestCase("/v1/embeddings")]
    public async Task Caller_WhenItsQuotaIsUsedUp_IsRefusedBeforeItsBodyIsRead(string path)
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 0);
        (await user.Caller.GenerateAsync()).Expect(429, "quota_exceeded");

        using var withoutEnd = await RawRequest.BeginAsync(user.Caller, path, Body, withheld: 20);

        Assert.That(await withoutEnd.ReplyAsync(), Does.StartWith("HTTP/1.1 429 ").And.Match("quota_exceeded|insufficient_quota"));
    }

    [Test]
    public async Task Caller_WhenNothingOfItsSpendIsLeft_IsRefusedBeforeItsBodyIsRead()
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, spend: 0.000000001m);
        (await user.Caller.GenerateAsync()).Expect(429, "quota_exceeded");
        Assert.That(Spent.Find(user.Id), Is.Null, "a nano-dollar is left, and a smaller request might fit");

        await _gateway.Admin.SetQuotaAsync(user.Id, spend: 0);
        (await user.Caller.GenerateAsync()).Expect(429, "quota_exceeded");

        Assert.That(Spent.Find(user.Id), Is.Not.Null);
    }

    [Test]
    public async Task Caller_WhenItsLimitIsRaised_IsServedAtOnce()
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 0);
        (await user.Caller.GenerateAsync()).Expect(429, "quota_exceeded");

        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 1);

        (await user.Caller.GenerateAsync()).Expect(200);
    }

    [Test]
    public async Task Caller_WhenAHoldIsReleased_IsServedAtOnce()
    {
        var user = await _gateway.CreateUserAsync();
        var held = (await user.Caller.EstimateAsync(new { prompt = "Say hello." })).GetProperty("maxCostUsd").GetDecimal();
        await _gateway.Admin.SetQuotaAsync(user.Id, spend: held);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Provider.Reset(Answers.After(release.Task, Answers.Error(400, "no", "invalid_request_error")));
        var running = user.Caller.GenerateAsync();
        await _gateway.Provider.ArrivalsAsync();
        (await user.Caller.GenerateAsync()).Expect(429, "quota_exceeded");

        release.SetResult();
        (await running).Expect(400);
        _gateway.Provider.Reset(Answers.Completion());

        (await user.Caller.GenerateAsync()).Expect(200);
    }

    [Test]
    public void RememberedRefusal_LastsAtMostFiveSecondsAndEndsWithThePeriod()
    {
        var user = Guid.CreateVersion7(_clock.GetUtcNow());
        Spent.Note(user, new QuotaRefusal(QuotaLimit.DailyRequests, 5, 5, 1, _clock.GetUtcNow().AddDays(1)));
        _clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.That(Spent.Find(user), Is.Not.Null);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(Spent.Find(user), Is.Null);

        Spent.Note(user, new QuotaRefusal(QuotaLimit.DailyRequests, 5, 5, 1, _clock.GetUtcNow().AddSeconds(1)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Spent.Find(user), Is.Null, "the next day has its own limit");
    }

    [Test]
    public void Endpoints_ThatCanAnswerQuotaExceeded_AreThoseThatCheckRememberedRefusals()
    {
        var endpoints = _gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();
        var billing = endpoints.Where(each => each.Metadata.GetOrderedMetadata<Api.OpenApi.FailsWithAttribute>().Any(fails => fails.Codes.Contains(ErrorCode.QuotaExceeded)));
        var asking = endpoints.Where(each => each.Metadata.GetMetadata<SpendsQuotaAttribute>() is not null);

        Assert.That(asking.Select(each => each.RoutePattern.RawText), Is.EquivalentTo(billing.Select(each => each.RoutePattern.RawText)));
    }

    private SpentQuotas Spent => _gateway.Services.GetRequiredService<SpentQuotas>();
}
