using AiGateway.Application.Generation;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Routing;
using AiGateway.Application.Switches;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Generation;

/// <summary>The thread on which the tokens of a prompt are counted.</summary>
[TestFixture]
internal sealed class LongCountTests : IDisposable
{
    private static readonly GatewayDefaults Defaults = new() { Model = "m", MaxTokens = 100, Limits = QuotaLimits.Unlimited };

    private readonly ITokenCounter _tokens = Substitute.For<ITokenCounter>();
    private readonly List<(Thread Thread, bool IsOfThePool)> _threads = [];
    private readonly ManualResetEventSlim _release = new();
    private readonly SemaphoreSlim _begun = new(0);
    private LongCounts _counts = null!;
    private ModelRouter _router = null!;

    [SetUp]
    public void Start()
    {
        _threads.Clear();
        _release.Set();
        _tokens.UsesTokenizer(Arg.Any<PricedModel>()).Returns(true);
        var adapter = Sample.Adapter("alpha", Sample.Model("m"));
        adapter.EstimateCost(Arg.Any<ModelCall>()).Returns(_ =>
        {
            lock (_threads) _threads.Add((Thread.CurrentThread, Thread.CurrentThread.IsThreadPoolThread));
            _begun.Release();
            _release.Wait();
            return new CostEstimate(1, 1, 1);
        });
        _counts = new LongCounts(_tokens);
        _router = new ModelRouter(
            new FixedProviders(adapter), new RoutingPolicy([]), Defaults, new SwitchBoard(Substitute.For<ISwitchStore>()), Sample.Unchecked, _counts, TimeProvider.System);
    }

    [TearDown]
    public void Stop() => _counts.Dispose();

    [TestCase(LongCounts.MostAtOnce, true, true)]
    [TestCase(LongCounts.MostAtOnce + 1, true, false)]
    [TestCase(LongCounts.MostOfUsual + 1, true, false)]
    [TestCase(LongCounts.MostOfUsual + 1, false, true, Description = "a bound by bytes takes no time")]
    public async Task Plan_CountsALongPromptOnAThreadOfItsOwn(int characters, bool usesTokenizer, bool onTheCallersThread)
    {
        _tokens.UsesTokenizer(Arg.Any<PricedModel>()).Returns(usesTokenizer);
        var caller = Thread.CurrentThread;

        await _router.PlanAsync(Prompt(characters), CancellationToken.None);

        Assert.That(_threads, Has.Count.EqualTo(1));
        Assert.That(_threads[0].Thread == caller, Is.EqualTo(onTheCallersThread));
        if (!onTheCallersThread) Assert.That(_threads[0].IsOfThePool, Is.False);
    }

    [Test]
    public async Task Plan_OfAPromptOfUsualLength_DoesNotWaitForTheLongest()
    {
        _release.Reset();
        var longest = Enumerable.Range(0, LongCounts.MostOfEach + 1).Select(_ => PlanAsync(LongCounts.MostOfUsual + 1)).ToArray();
        var usual = PlanAsync(LongCounts.MostOfUsual);

        // The usual prompt begins while the places for the longest are taken.
        for (var i = 0; i < LongCounts.MostOfEach + 1; i++) await _begun.WaitAsync();
        _release.Set();
        await Task.WhenAll([usual, .. longest]);

        Assert.That(_threads, Has.Count.EqualTo(LongCounts.MostOfEach + 2));
    }

    [Test]
    public async Task Plan_WhenTheClientLeavesWhileItWaits_IsNeverCounted()
    {
        _release.Reset();
        using var leave = new CancellationTokenSource();
        var others = Enumerable.Range(0, LongCounts.MostOfEach).Select(_ => PlanAsync(LongCounts.MostOfUsual + 1)).ToArray();
        var left = PlanAsync(LongCounts.MostOfUsual + 1, leave.Token);

        await leave.CancelAsync();
        Assert.That(async () => await left, Throws.InstanceOf<OperationCanceledException>());
        _release.Set();
        await Task.WhenAll(others);

        Assert.That(_threads, Has.Count.EqualTo(others.Length));
    }

    [Test]
    public void TextLength_IsOfAllTextsThatAreCounted()
    {
        var request = Sample.Request() with
        {
            Prompt = "12",
            SystemPrompt = "123",
            Messages = [new ChatMessage("user", "1234"), new ChatMessage("user", "12345")],
            Extras = new PromptExtras { Texts = ["123456", "1"], Prediction = "12345678" },
        };

        Assert.That(request.TextLength, Is.EqualTo(2 + 3 + 4 + 5 + 6 + 1 + 8));
    }

    public void Dispose()
    {
        _release.Dispose();
        _begun.Dispose();
    }

    private Task<RoutePlan> PlanAsync(int characters, CancellationToken cancellationToken = default) =>
        _router.PlanAsync(Prompt(characters), cancellationToken).AsTask();

    private static Generate Prompt(int characters) => Sample.Request() with { Prompt = new string('x', characters) };
}
