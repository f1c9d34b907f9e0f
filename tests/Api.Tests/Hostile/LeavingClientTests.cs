using System.Net.Sockets;
using System.Text;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Hostile;

/// <summary>Clients that stall, and clients that disconnect.</summary>
internal sealed class LeavingClientTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public void Reset() => _gateway.Provider.Reset(Answers.Completion());

    [TestCase("/api/v1/ai/generate")]
    [TestCase("/v1/chat/completions")]
    public async Task Client_WhenItLeavesAfterHalfABody_CostsNothing(string path)
    {
        var user = await _gateway.CreateUserAsync();
        using (await SendHalfAsync(user, path)) { }

        (await user.Caller.GenerateAsync()).Expect(200);

        Assert.That(await user.Caller.UsageAsync(), Has.Count.EqualTo(1));
        Assert.That(_gateway.Provider.Seen, Has.Count.EqualTo(1));
    }

    [TestCase("/api/v1/ai/generate")]
    [TestCase("/v1/chat/completions")]
    public async Task Client_WhenItStallsAfterHalfABody_IsDisconnectedAndDelaysNoOtherClient(string path)
    {
        var user = await _gateway.CreateUserAsync();
        using var stalled = await SendHalfAsync(user, path);

        (await user.Caller.GenerateAsync()).Expect(200);
        using var reader = new StreamReader(stalled.GetStream());
        var answer = await reader.ReadToEndAsync().WaitAsync(Bound);

        Assert.That(answer, Does.Match("^HTTP/1.1 4[0-9][0-9] ").Or.Empty);
        Assert.That(await user.Caller.UsageAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Client_WhenItLeavesDuringAGeneration_IsChargedWhatTheProviderReports()
    {
        var user = await _gateway.CreateUserAsync();
        var release = new TaskCompletionSource();
        _gateway.Provider.Answer = Answers.After(release.Task, Answers.Completion(prompt: 101, completion: 23));
        using var leave = new CancellationTokenSource();
        var request = user.Caller.Request(HttpMethod.Post, "/api/v1/ai/generate");
        request.Content = new StringContent("""{"prompt":"Say hello."}""", Encoding.UTF8, "application/json");

        var waiting = user.Caller.SendAsync(request, leave.Token);
        await _gateway.Provider.ArrivalsAsync();
        await leave.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        release.SetResult();

        var rows = await Eventually.GetAsync(
            () => user.Caller.UsageAsync(), seen => seen.Single().GetProperty("status").GetString() != "held");
        Assert.That(rows[0].GetProperty("status").GetString(), Is.EqualTo("settled"));
        Assert.That(rows[0].GetProperty("usageSource").GetString(), Is.EqualTo("provider"));
        Assert.That(rows[0].GetProperty("costUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(101, 23)));
        await _gateway.Admin.VerifyAsync();
    }

    private static async Task<TcpClient> SendHalfAsync(TestUser user, string path)
    {
        var client = new TcpClient();
        await client.ConnectAsync(user.Caller.Address.Host, user.Caller.Address.Port);
        var half = $"POST {path} HTTP/1.1\r\nHost: {user.Caller.Address.Authority}\r\nAuthorization: Bearer {user.Caller.Credentials}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"prompt\":\"Hi";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(half));
        return client;
    }
}
