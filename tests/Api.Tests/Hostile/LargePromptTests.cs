using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiGateway.Api.Tests.Bounds;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Pricing;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Hostile;

/// <summary>Several prompts of many MiB at once, from a public report: texts without spaces, and base64 in a part of an unknown type.</summary>
internal sealed class LargePromptTests
{
    private const string Chat = "/v1/chat/completions";
    private static readonly string Ideographs = string.Concat(Enumerable.Repeat("字", 8 * 1024 * 1024 / 3));
    private static readonly string Base64 = string.Concat(Enumerable.Repeat("QUJD", 2 * 1024 * 1024));
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private WatchedCounter _counter = null!;
    private BoundGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundGateway.StartChangedAsync(services =>
    {
        var real = services.Single(service => service.ServiceType == typeof(ITokenCounter));
        services.Remove(real);
        services.AddSingleton<ITokenCounter>(provider =>
            _counter = new WatchedCounter((ITokenCounter)ActivatorUtilities.CreateInstance(provider, real.ImplementationType!)));
    });

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _stage.DisposeAsync();
        _counter.Dispose();
    }

    [SetUp]
    public void Reset()
    {
        _counter.Reset();
        _stage.Gateway.Provider.Reset(Answers.Completion());
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Text_BeyondTheWindow_IsRefusedAndCountedOnAThreadOfItsOwn(bool isBase64)
    {
        var error = await _stage.RefusedAsync(Chat, isBase64 ? Body(new[] { new { type = "text", text = Base64 } }) : Body(Ideographs));

        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("context_length_exceeded"));
        Assert.That(_counter.OnThePool, Is.EqualTo([false]));
    }

    [Test]
    public async Task PartOfAnUnknownType_IsHeldAsTheWindowAndReadOnAThreadOfItsOwn()
    {
        Assert.That(await _stage.HeldForAsync(Chat, Body(new[] { new { type = "blob", data = Base64 } })), Is.EqualTo(BoundGateway.Window));
        Assert.That(_counter.OnThePool, Is.EqualTo([false]));
    }

    [Test]
    public async Task OtherCalls_WhileEightLargePromptsAreCounted_DoNotWait()
    {
        _counter.Hold();
        var large = Enumerable.Range(0, 8).Select(_ => _stage.Caller.PostAsync(Chat, Body(Ideographs[..2_000_000]))).ToArray();
        await _counter.BegunAsync();

        (await _stage.Gateway.Anonymous.GetAsync("/health/ready")).Expect(200);
        (await _stage.Caller.PostAsync(Chat, Body("Say hello."))).Expect(200);
        Assert.That(large.Count(each => each.IsCompleted), Is.Zero);

        _counter.Release();
        foreach (var reply in await Task.WhenAll(large)) reply.Expect(400);
    }

    private static string Body(object content) =>
        JsonSerializer.Serialize(new { model = BoundGateway.Model, max_tokens = 5, messages = new[] { new { role = "user", content } } }, Compact);

    /// <summary>The real counter. It notes its threads, and long prompts wait in it on demand.</summary>
    private sealed class WatchedCounter(ITokenCounter real) : ITokenCounter, IDisposable
    {
        private readonly ConcurrentQueue<bool> _onThePool = new();
        private readonly ManualResetEventSlim _released = new(true);
        private readonly SemaphoreSlim _begun = new(0);

        /// <summary>Of each count, whether it ran on a thread of the pool.</summary>
        public IEnumerable<bool> OnThePool => _onThePool;

        public void Reset()
        {
            _onThePool.Clear();
            while (_begun.Wait(0)) { }
        }

        public void Hold() => _released.Reset();

        public void Release() => _released.Set();

        public Task BegunAsync() => _begun.WaitAsync();

        public bool UsesTokenizer(PricedModel model) => real.UsesTokenizer(model);

        public long CountText(string model, string text) => real.CountText(model, text);

        public long CountPrompt(ModelRequest request, PricedModel model) => real.CountPrompt(request, model);

        public PromptBound BoundPrompt(ModelRequest request, PricedModel model)
        {
            _onThePool.Enqueue(Thread.CurrentThread.IsThreadPoolThread);
            if (request.TextLength > 1_000_000 && !_released.IsSet)
            {
                _begun.Release();
                _released.Wait();
            }

            return real.BoundPrompt(request, model);
        }

        public void Dispose()
        {
            _released.Dispose();
            _begun.Dispose();
        }
    }
}
