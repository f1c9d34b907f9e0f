using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Auth;

/// <summary>The limits of a user bound requests that are admitted in one step as they bound the others.</summary>
internal sealed class WaysInLimitTests
{
    private WaysIn _ways = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _ways = await WaysIn.StartAsync(("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "8"), ("AI_GATEWAY_CONCURRENT_REQUESTS", "1"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _ways.DisposeAsync();

    [Test]
    public async Task Rate_WhenExceeded_IsRefusedTheSame()
    {
        var (one, other) = (await _ways.OneStep.CreateUserAsync(), await _ways.Standard.CreateUserAsync());
        for (var i = 0; i < 11; i++)
        {
            var (reply, standard) = (await one.Caller.GetAsync("/v1/models"), await other.Caller.GetAsync("/v1/models"));

            Assert.That(reply.Status, Is.EqualTo(i < 8 ? 200 : 429), $"{i}: {reply.Text}");
            Assert.That(WaysIn.TextOf(reply), Is.EqualTo(WaysIn.TextOf(standard)), $"{i}");
            Assert.That(reply.Header("x-ratelimit-remaining-requests"), Is.EqualTo(standard.Header("x-ratelimit-remaining-requests")), $"{i}");
        }

        var (native, nativeStandard) = (await one.Caller.GetAsync("/api/v1/ai/quota"), await other.Caller.GetAsync("/api/v1/ai/quota"));
        Assert.That(WaysIn.TextOf(native.Expect(429)), Is.EqualTo(WaysIn.TextOf(nativeStandard)));
        Assert.That(_ways.AdmittedInOneStep.OneStep, Is.AtLeast(7));
        Assert.That(_ways.AdmittedInOneStep.Standard, Is.Zero);
    }

    [Test]
    public async Task Requests_WhenTooManyAreInProgress_AreRefusedTheSame()
    {
        var replies = new List<string>();
        foreach (var gateway in (GatewayHost[])[_ways.OneStep, _ways.Standard])
        {
            var user = await gateway.CreateUserAsync();
            (await user.Caller.GetAsync("/v1/models")).Expect(200);
            var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            gateway.Provider.Answer = Answers.After(release.Task, Answers.Completion());
            var running = user.Caller.GenerateAsync();
            await gateway.Provider.ArrivalsAsync();

            replies.Add(WaysIn.TextOf((await user.Caller.GetAsync("/v1/models")).Expect(429)));

            release.SetResult();
            (await running).Expect(200);
        }

        Assert.That(replies[0], Is.EqualTo(replies[1]));
    }
}
