using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Tolerance;

/// <summary>A fixture with one gateway for a table of unusual answers, and a new user for each case.</summary>
internal abstract class ToleranceFixture
{
    protected GatewayHost Gateway { get; private set; } = null!;

    protected TestUser User { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => Gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await Gateway.DisposeAsync();

    [SetUp]
    public async Task CreateUserAsync() => User = await Gateway.CreateUserAsync();

    // A success closes the circuit breaker, which the failures of the cases would open.
    [TearDown]
    public async Task CloseTheCircuitAsync()
    {
        await Gateway.Admin.VerifyAsync();
        Gateway.Provider.Reset(Answers.Completion());
        for (var i = 0; i < 2; i++) await Gateway.Admin.GenerateAsync();
    }

    protected static TestCaseData Case(string name, Answer answer, params object?[] expected) =>
        new TestCaseData([answer, .. expected]).SetArgDisplayNames([name, .. expected.Select(each => $"{each}")]);

    /// <summary>The only usage record of the user, once it is no longer held.</summary>
    protected async Task<JsonElement> RecordAsync() => (await Eventually.GetAsync(
        () => User.Caller.UsageAsync(), rows => rows.Count > 0 && rows.All(row => row.GetProperty("status").GetString() != "held"))).Single();

    /// <summary>Asserts that the provider's usage was charged: 7 input tokens and 2 output tokens unless stated otherwise.</summary>
    protected async Task AssertChargedAsync(long prompt = 7, long completion = 2)
    {
        var row = await RecordAsync();
        Assert.Multiple(() =>
        {
            Assert.That(row.GetProperty("status").GetString(), Is.EqualTo("settled"));
            Assert.That(row.GetProperty("usageSource").GetString(), Is.EqualTo("provider"));
            Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(prompt, completion)));
        });
    }

    protected async Task AssertReleasedAsync()
    {
        var row = await RecordAsync();
        Assert.That((row.GetProperty("status").GetString(), row.GetProperty("costUsd").GetDecimal()), Is.EqualTo(("released", 0m)));
    }

    /// <summary>Asserts that the outcome is unknown and that the held maximum is charged.</summary>
    protected async Task AssertHeldIsChargedAsync()
    {
        var row = await RecordAsync();
        Assert.That(row.GetProperty("status").GetString(), Is.EqualTo("unknown"));
        Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.Positive.And.EqualTo(row.GetProperty("heldUsd").GetDecimal()));
    }
}
