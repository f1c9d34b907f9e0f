using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Routing;

/// <summary>What callers and operators see of routes.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RouteTests : IAsyncDisposable
{
    private const string Model = "m-one";
    private static readonly object Chat = new { model = "fast", messages = new[] { new { role = "user", content = "Hi" } } };

    private RoutedGateway? _gateway;

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
    }

    [Test]
    public async Task Request_ForARoute_IsAnsweredByItsTargetAndTheRecordNamesBoth()
    {
        var user = await StartAsync(RoutedGateway.Route("fast", Model, [], "beta"));

        (await user.PostAsync("/v1/chat/completions", Chat)).Expect(200);

        Assert.That(_gateway!.Beta.Seen.Single().Body, Does.Contain("\"model\":\"m-one\""));
        Assert.That(_gateway.Beta.Seen.Single().Headers["authorization"], Is.EqualTo("Bearer sk-key-of-beta"));
        var row = (await user.UsageAsync()).Single();
        Assert.That(
            (row.GetProperty("requestedModel").GetString(), row.GetProperty("model").GetString(), row.GetProperty("provider").GetString()),
            Is.EqualTo(("fast", Model, "beta")));
    }

    [Test]
    public async Task Models_ListRoutesBesidePricedModels()
    {
        var user = await StartAsync(RoutedGateway.Route("fast", Model, [], "alpha"));

        var ids = (await user.GetAsync("/v1/models")).Expect(200).Json.GetProperty("data").EnumerateArray().Select(each => each.GetProperty("id").GetString());

        Assert.That(ids, Is.SupersetOf(new[] { "fast", Model }));
        (await user.GetAsync("/v1/models/fast")).Expect(200);
    }

    [Test]
    public async Task FailingServer_AfterThreeFailures_IsAvoided()
    {
        var user = await StartAsync(RoutedGateway.Route("fast", Model, [], "alpha", "beta"));
        _gateway!.Alpha.Answer = Answers.Error(503, "down", retryAfter: "30");

        for (var i = 0; i < 5; i++) (await user.PostAsync("/v1/chat/completions", Chat)).Expect(200);

        Assert.That(_gateway.Alpha.Seen, Has.Count.EqualTo(3), "three failures start the cooldown");
        Assert.That(_gateway.Beta.Seen, Has.Count.EqualTo(5));
        await _gateway.Host.Admin.VerifyAsync();
    }

    [Test]
    public async Task Provider_ThatIsSwitchedOff_GetsNoRequestUntilItIsSwitchedOn()
    {
        var user = await StartAsync(RoutedGateway.Route("fast", Model, [], "alpha", "beta"));
        var admin = _gateway!.Host.Admin;

        (await SwitchAsync("alpha", new { enabled = false })).Expect(200);
        (await user.PostAsync("/v1/chat/completions", Chat)).Expect(200);
        (await SwitchAsync("beta", new { enabled = false, model = Model })).Expect(200);
        (await user.PostAsync("/v1/chat/completions", Chat)).Expect(404);
        var listed = (await admin.GetAsync("/api/v1/admin/providers")).Expect(200).Json.GetProperty("items").EnumerateArray().ToArray();
        (await SwitchAsync("alpha", new { enabled = true })).Expect(200);
        (await user.PostAsync("/v1/chat/completions", Chat)).Expect(200);

        Assert.That((_gateway.Alpha.Seen.Count, _gateway.Beta.Seen.Count), Is.EqualTo((1, 1)));
        Assert.That(listed.Select(each => each.GetProperty("enabled").GetBoolean()), Is.EqualTo([false, true, true]));
        Assert.That(listed[1].GetProperty("modelsOff").EnumerateArray().Select(each => each.GetString()), Is.EqualTo([Model]));
        (await SwitchAsync("nobody", new { enabled = false })).Expect(404, "not_found");
        (await SwitchAsync("alpha", new { enabled = false, model = "m-unknown" })).Expect(400, "invalid_request");
        (await SwitchAsync("alpha", new { })).Expect(400, "invalid_request");

        Task<Reply> SwitchAsync(string name, object body) => admin.SendAsync(HttpMethod.Patch, $"/api/v1/admin/providers/{name}", body);
    }

    [Test]
    public async Task Cooldown_IsInHealthAndInItsHistory()
    {
        var user = await StartAsync(RoutedGateway.Route("fast", Model, [], "alpha", "beta"));
        _gateway!.Alpha.Answer = Answers.Error(401, "no");
        (await user.PostAsync("/v1/chat/completions", Chat)).Expect(200);

        var health = (await _gateway.Host.Admin.GetAsync("/api/v1/ai/health")).Expect(200).Json;
        var changes = (await _gateway.Host.Admin.GetAsync("/api/v1/admin/providers/changes")).Expect(200).Json.GetProperty("items").EnumerateArray().ToArray();

        var cooling = health.GetProperty("providers")[0].GetProperty("cooling")[0];
        Assert.That((cooling.GetProperty("model").GetString(), cooling.GetProperty("reason").GetString()), Is.EqualTo((Model, "provider_failed")));
        Assert.That(
            changes.Select(each => (each.GetProperty("provider").GetString(), each.GetProperty("model").GetString(), each.GetProperty("status").GetString())),
            Is.EquivalentTo([("alpha", null, "unhealthy"), ("alpha", Model, "unhealthy")]));
    }

    [TestCase("context_length_exceeded", "context", 200)]
    [TestCase("content_filter", "content", 200)]
    [TestCase("content_filter", "context", 400)]
    [TestCase("context_length_exceeded", "", 400)]
    public async Task Request_ThatATargetRefuses_GoesToTheNextTargetOnlyWhenTheRouteSaysSo(string code, string fallbackOn, int status)
    {
        var user = await StartAsync(RoutedGateway.Route("fast", Model, fallbackOn.Length == 0 ? [] : [fallbackOn], "alpha", "beta"));
        _gateway!.Alpha.Answer = Answers.Error(400, "no", "invalid_request_error", code);

        (await user.PostAsync("/v1/chat/completions", Chat)).Expect(status);

        Assert.That(_gateway.Beta.Seen, Has.Count.EqualTo(status == 200 ? 1 : 0));
    }

    [Test]
    public async Task Refusal_OfEveryTarget_ReachesTheCallerWithTheProvidersMessage()
    {
        var user = await StartAsync(RoutedGateway.Route("fast", Model, ["context"], "alpha", "beta"));
        foreach (var provider in _gateway!.Providers) provider.Answer = Answers.Error(400, "It is too long.", "invalid_request_error", "context_length_exceeded");

        var reply = (await user.PostAsync("/v1/chat/completions", Chat)).Expect(400);

        Assert.That(reply.Json.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo("It is too long."));
    }

    [Test]
    public async Task Conversation_StaysAtItsTargetAcrossRequests()
    {
        var targets = new[] { "alpha", "beta", "gamma" }.Select(provider => new { provider, model = Model }).ToArray();
        var user = await StartAsync(new { model = "fast", groups = new[] { new { targets } } });

        for (var i = 0; i < 6; i++)
        {
            var request = new { model = "fast", prompt_cache_key = "session-7", messages = new[] { new { role = "user", content = $"turn {i}" } } };
            (await user.PostAsync("/v1/chat/completions", request)).Expect(200);
        }

        Assert.That(_gateway!.Providers.Select(provider => provider.Seen.Count).Order(), Is.EqualTo([0, 0, 6]));
    }

    [Test]
    public async Task ChangedFile_TakesEffectAndAFaultyOneDoesNot()
    {
        var user = await StartAsync(RoutedGateway.Route("fast", Model, [], "alpha"));
        (await user.PostAsync("/v1/chat/completions", Chat)).Expect(200);
        Assert.That(_gateway!.Alpha.Seen, Has.Count.EqualTo(1));

        _gateway.Reconfigure([RoutedGateway.Route("fast", Model, [], "beta")]);
        await Eventually.GetAsync(
            async () =>
            {
                (await user.PostAsync("/v1/chat/completions", Chat)).Expect(200);
                return _gateway.Beta.Seen.Count;
            },
            count => count > 0);

        foreach (var faulty in new[] { "{ \"Providers\": [", JsonSerializer.Serialize(new { Providers = new[] { new { name = "alpha", preset = "nonsense" } } }) })
        {
            var (before, errors) = (_gateway.Beta.Seen.Count, ErrorsInTheLog());
            _gateway.Rewrite(faulty);
            await Eventually.GetAsync(() => Task.FromResult(ErrorsInTheLog()), count => count > errors);

            (await user.PostAsync("/v1/chat/completions", Chat)).Expect(200);
            Assert.That(_gateway.Beta.Seen, Has.Count.EqualTo(before + 1));
        }
    }

    private int ErrorsInTheLog() => _gateway!.Host.Logs.Lines.Count(line => line.Message.Contains("goes on with the one before", StringComparison.Ordinal));

    private async Task<GatewayClient> StartAsync(params object[] routes)
    {
        _gateway = await RoutedGateway.StartAsync([Model], routes);
        return (await _gateway.Host.CreateUserAsync()).Caller;
    }
}
