using AiGateway.Api.RequestLimits;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.RequestLimits;

/// <summary>How many requests and estimates of one user may run at once.</summary>
internal sealed class ParallelTests
{
    private const string Estimate = "/api/v1/ai/estimate";
    private const string Body = """{"prompt":"Say hello."}""";
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(null, ("AI_GATEWAY_CONCURRENT_REQUESTS", "2"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public void Reset() => _gateway.Provider.Reset(Answers.Completion());

    [Test]
    public async Task Requests_WhenAUserHasTheAllowedNumberUnderWay_AreRefusedToThatUserAlone()
    {
        var user = await _gateway.CreateUserAsync();
        var otherKey = await _gateway.Admin.CreateKeyAsync(user.Id);
        var neighbour = await _gateway.CreateUserAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Provider.Answer = Answers.After(release.Task, Answers.Completion());
        Task<Reply>[] running = [user.Caller.GenerateAsync(), otherKey.GenerateAsync()];
        await _gateway.Provider.ArrivalsAsync(2);

        var refused = (await user.Caller.GenerateAsync()).Expect(429, "rate_limited");

        Assert.That(refused.Header("Retry-After"), Is.EqualTo("1"));
        Assert.That(refused.Text, Does.Contain("2 requests in progress"));
        (await neighbour.Caller.GetAsync("/v1/models")).Expect(200);
        release.SetResult();
        foreach (var each in running) (await each).Expect(200);
        (await user.Caller.GenerateAsync()).Expect(200);
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task StreamedReply_UntilItEnds_CountsAsARequestUnderWay()
    {
        var user = await _gateway.CreateUserAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Provider.Answer = async (_, http) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}\n\n");
            await http.Response.Body.FlushAsync();
            await release.Task;
            await http.Response.WriteAsync("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        };
        object body = new { prompt = "Say hello.", stream = true };
        Task<Reply>[] running = [user.Caller.GenerateAsync(body), user.Caller.GenerateAsync(body)];
        await _gateway.Provider.ArrivalsAsync(2);

        (await user.Caller.GetAsync("/v1/models")).Expect(429);
        release.SetResult();

        foreach (var each in running) (await each).Expect(200);
        (await user.Caller.GetAsync("/v1/models")).Expect(200);
    }

    [Test]
    public async Task Estimates_WhenTwoOfAUserRun_AreRefusedToThatUserAlone()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var user = await gateway.CreateUserAsync();
        var neighbour = await gateway.CreateUserAsync();
        using var first = await RawRequest.BeginAsync(user.Caller, Estimate, Body, withheld: 2);
        using var second = await RawRequest.BeginAsync(user.Caller, Estimate, Body, withheld: 2);
        var deadlines = gateway.Services.GetRequiredService<BodyDeadlines>();
        await Eventually.GetAsync(() => Task.FromResult(deadlines.Waiting), waiting => waiting == 2);

        var refused = (await user.Caller.PostAsync(Estimate, Body)).Expect(429, "rate_limited");

        Assert.That(refused.Header("Retry-After"), Is.EqualTo("1"));
        (await user.Caller.GenerateAsync()).Expect(200);
        await neighbour.Caller.EstimateAsync(new { prompt = "Hi" });
        foreach (var each in (RawRequest[])[first, second])
        {
            await each.SendAsync(Body[^2..]);
            await each.ReplyAsync();
        }

        await Eventually.GetAsync(() => user.Caller.PostAsync(Estimate, Body), reply => reply.Status == 200);
    }
}
