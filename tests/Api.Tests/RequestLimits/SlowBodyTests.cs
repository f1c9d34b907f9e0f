using AiGateway.Api.RequestLimits;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.RequestLimits;

/// <summary>Bodies that arrive late, or never arrive in full.</summary>
internal sealed class SlowBodyTests
{
    private const string Native = """{"prompt":"Say hello."}""";
    private const string Chat = """{"messages":[{"role":"user","content":"Say hello."}]}""";
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(30);
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

    [TestCase("/api/v1/ai/generate", Native)]
    [TestCase("/v1/chat/completions", Chat)]
    public async Task Body_WhenItsLastBytesComeTooLate_Is408AndCostsNothing(string path, string body)
    {
        var user = await _gateway.CreateUserAsync();
        using var stalled = await RawRequest.BeginAsync(user.Caller, path, body, withheld: 2);
        await IsReadAsync(_gateway);

        _clock.Advance(BodyTimeout + TimeSpan.FromSeconds(1));
        var reply = await stalled.ReplyAsync();

        Assert.That(reply, Does.StartWith("HTTP/1.1 408 ").And.Contain("request_timeout"));
        Assert.That(_gateway.Provider.Seen, Is.Empty);
        await Eventually.GetAsync(() => user.Caller.GenerateAsync(), next => next.Status == 200);
        Assert.That(await user.Caller.UsageAsync(), Has.Count.EqualTo(1));
    }

    [TestCase("/api/v1/ai/generate", Native)]
    [TestCase("/v1/chat/completions", Chat)]
    public async Task KeysUser_WhenDisabledBeforeTheBodyIsComplete_IsRefused(string path, string body)
    {
        var user = await _gateway.CreateUserAsync();
        using var slow = await RawRequest.BeginAsync(user.Caller, path, body, withheld: 2);
        await IsReadAsync(_gateway);
        (await _gateway.Admin.PatchAsync($"/api/v1/admin/users/{user.Id}", new { disabled = true })).Expect(200);

        _clock.Advance(TimeSpan.FromSeconds(7));
        await slow.SendAsync(body[^2..]);

        Assert.That(await slow.ReplyAsync(), Does.StartWith("HTTP/1.1 401 "));
        Assert.That(_gateway.Provider.Seen, Is.Empty);
    }

    [Test]
    public async Task TokensUser_WhenDisabledBeforeTheBodyIsComplete_IsRefused()
    {
        await using var gateway = await GatewayHost.StartAsync(_clock, TestTokens.Settings);
        var caller = gateway.Admin.As(TestTokens.Create("subject"));
        var id = await UserIdAsync(gateway, caller);
        using var slow = await RawRequest.BeginAsync(caller, "/v1/chat/completions", Chat, withheld: 2);
        await IsReadAsync(gateway);
        (await gateway.Admin.PatchAsync($"/api/v1/admin/users/{id}", new { disabled = true })).Expect(200);

        _clock.Advance(TimeSpan.FromSeconds(7));
        await slow.SendAsync(Chat[^2..]);

        Assert.That(await slow.ReplyAsync(), Does.StartWith("HTTP/1.1 401 "));
        Assert.That(gateway.Provider.Seen, Is.Empty);
    }

    [Test]
    public async Task Body_WhenItCrossesMidnight_CountsInTheDayInWhichItIsComplete()
    {
        _clock.AdjustTime(new DateTimeOffset(2026, 11, 30, 23, 59, 50, TimeSpan.Zero));
        var user = await _gateway.CreateUserAsync();
        using var slow = await RawRequest.BeginAsync(user.Caller, "/v1/chat/completions", Chat, withheld: 2);
        await IsReadAsync(_gateway);

        _clock.Advance(TimeSpan.FromSeconds(20));
        await slow.SendAsync(Chat[^2..]);

        Assert.That(await slow.ReplyAsync(), Does.StartWith("HTTP/1.1 200 "));
        var rows = await Eventually.GetAsync(() => user.Caller.UsageAsync(), seen => seen.Count == 1);
        Assert.That(rows[0].GetProperty("createdAt").GetDateTimeOffset().Month, Is.EqualTo(12));
    }

    private static async Task IsReadAsync(GatewayHost gateway)
    {
        var deadlines = gateway.Services.GetRequiredService<BodyDeadlines>();
        await Eventually.GetAsync(() => Task.FromResult(deadlines.Waiting), waiting => waiting == 1);
    }

    private static async Task<Guid> UserIdAsync(GatewayHost gateway, GatewayClient caller)
    {
        (await caller.GetAsync("/api/v1/ai/quota")).Expect(200);
        var users = (await gateway.Admin.GetAsync("/api/v1/admin/users?limit=200")).Expect(200).Json.GetProperty("items");
        return users.EnumerateArray().Single(user => user.GetProperty("name").GetString() == "subject").GetProperty("id").GetGuid();
    }
}
