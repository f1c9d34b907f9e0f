using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Quotas;

/// <summary>Many concurrent requests against a budget that pays for ten.</summary>
internal sealed class SpendRaceTests
{
    private const int Payable = 10;
    private const int Requests = 200;
    private static readonly object Body = new { prompt = "Say hello.", options = new { maxTokens = 50 } };
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public void Reset() => _gateway.Provider.Reset(Answers.Completion());

    [Test]
    public async Task Budget_ForTenRequests_WhenTwoHundredComeAtOnce_AdmitsExactlyTen()
    {
        var (user, worst, mostExpensive) = await CreateUserWithBudgetAsync();
        _gateway.Provider.Answer = mostExpensive;

        var replies = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => user.Caller.GenerateAsync(Body)));

        await AssertExactlyTenAsync(user, worst, replies);
    }

    [Test]
    public async Task Budget_ForTenRequests_WhileTenAreHeld_RefusesTheOthers()
    {
        var (user, worst, mostExpensive) = await CreateUserWithBudgetAsync();
        var release = new TaskCompletionSource();
        _gateway.Provider.Answer = Answers.After(release.Task, mostExpensive);

        var requests = Enumerable.Range(0, Requests).Select(_ => user.Caller.GenerateAsync(Body)).ToList();
        await _gateway.Provider.ArrivalsAsync(Payable);
        for (var refusals = 0; refusals < Requests - Payable; refusals++)
        {
            var refused = await Task.WhenAny(requests).WaitAsync(TimeSpan.FromSeconds(30));
            requests.Remove(refused);
            (await refused).Expect(429, "quota_exceeded");
        }

        var spend = (await user.Caller.QuotaAsync()).GetProperty("monthlySpendUsd");
        Assert.That(spend.GetProperty("held").GetDecimal(), Is.EqualTo(Payable * worst));
        Assert.That(spend.GetProperty("remaining").GetDecimal(), Is.Zero);
        release.SetResult();
        Assert.That((await Task.WhenAll(requests)).Select(reply => reply.Status), Is.All.EqualTo(200).And.Exactly(Payable).Items);
        Assert.That(_gateway.Provider.Seen, Has.Count.EqualTo(Payable));
        await _gateway.Admin.VerifyAsync();
    }

    private async Task AssertExactlyTenAsync(TestUser user, decimal worst, Reply[] replies)
    {
        var refused = replies.Where(reply => reply.Status == 429).ToArray();
        Assert.That(replies.Count(reply => reply.Status == 200), Is.EqualTo(Payable));
        Assert.That(refused, Has.Length.EqualTo(Requests - Payable));
        foreach (var reply in refused)
        {
            reply.Expect(429, "quota_exceeded");
            Assert.That(reply.Json.GetProperty("limit").GetString(), Is.EqualTo("monthly_spend"));
        }

        Assert.That(_gateway.Provider.Seen, Has.Count.EqualTo(Payable));
        Assert.That(replies.Where(reply => reply.Status == 200).Select(reply => reply.Json.GetProperty("costUsd").GetDecimal()), Is.All.EqualTo(worst));
        var spend = (await user.Caller.QuotaAsync()).GetProperty("monthlySpendUsd");
        Assert.That(spend.GetProperty("used").GetDecimal(), Is.EqualTo(Payable * worst));
        Assert.That(spend.GetProperty("held").GetDecimal(), Is.Zero);
        await _gateway.Admin.VerifyAsync();
    }

    /// <summary>Creates a user who can pay for ten requests, and an answer that costs exactly what was held.</summary>
    private async Task<(TestUser User, decimal Worst, Answer MostExpensive)> CreateUserWithBudgetAsync()
    {
        var user = await _gateway.CreateUserAsync();
        var estimate = await user.Caller.EstimateAsync(Body);
        var worst = estimate.GetProperty("maxCostUsd").GetDecimal();
        await _gateway.Admin.SetQuotaAsync(user.Id, spend: Payable * worst);
        var mostExpensive = Answers.Completion(
            prompt: estimate.GetProperty("promptTokens").GetInt64(), completion: estimate.GetProperty("maxCompletionTokens").GetInt64());
        return (user, worst, mostExpensive);
    }
}
