using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Routing;

/// <summary>
/// Every kind of failure of one to three targets, plain and streamed: which targets are called, what the caller gets, and what is charged.
/// The calls are counted by the providers themselves.
/// </summary>
internal sealed class FailoverTests
{
    private RoutedGateway _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var models = Cases().Select(each => (string)each.Arguments[0]!).ToArray();
        var routes = Cases().Select(each => RoutedGateway.Route((string)each.Arguments[0]!, [.. new[] { "alpha", "beta", "gamma" }.Take((int)each.Arguments[3]!)])).ToArray();
        _gateway = await RoutedGateway.StartAsync(models, routes);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    /// <summary>
    /// Model, failure, whether streamed, number of targets, whether the next target is tried, whether the attempt may be billed, and the
    /// caller's status.
    /// </summary>
    private static IEnumerable<TestCaseData> Cases()
    {
        (string Name, Answer Answer, bool GoesOn, bool MayBeBilled, int Status)[] failures =
        [
            ("500", Answers.Error(500, "no"), true, false, 502),
            ("502", Answers.Error(502, "no"), true, false, 502),
            ("503", Answers.Error(503, "no"), true, false, 502),
            ("504", Answers.Error(504, "no"), true, false, 502),
            ("529", Answers.Error(529, "no"), true, false, 502),
            ("429-wait", Answers.Error(429, "slow down", retryAfter: "30"), true, false, 429),
            ("429", Answers.Error(429, "slow down"), true, false, 429),
            ("401", Answers.Error(401, "bad key"), true, false, 502),
            ("403", Answers.Error(403, "your key may not"), true, false, 502),
            ("400", Answers.Error(400, "bad request", "invalid_request_error"), false, false, 400),
            ("413", Answers.Error(413, "too large", "invalid_request_error"), false, false, 413),
            ("422", Answers.Error(422, "bad member", "invalid_request_error"), false, false, 422),
            ("drop", Answers.Drop, true, true, 502),
            ("malformed", Answers.Raw("<html>"), true, true, 502),
            ("silence", Answers.Hang, true, true, 504),
        ];
        foreach (var (name, answer, goesOn, mayBeBilled, status) in failures)
        {
            foreach (var stream in new[] { false, true })
            {
                // Only alpha has a short time-out.
                for (var targets = 1; targets <= (name == "silence" ? 2 : 3); targets++)
                {
                    var model = $"m-{name}-{(stream ? "stream" : "plain")}-{targets}";
                    yield return new TestCaseData(model, answer, stream, targets, goesOn, mayBeBilled, status).SetArgDisplayNames(model);
                }
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Request_WhenTargetsFail_IsAnsweredByTheNextAndEveryAttemptIsCharged(
        string model, Answer failure, bool stream, int targets, bool goesOn, bool mayBeBilled, int status)
    {
        foreach (var provider in _gateway.Providers) provider.Reset(failure);
        if (targets > 1) _gateway.Providers[targets - 1].Reset(RoutedGateway.AnswerAsync);
        var user = await _gateway.Host.CreateUserAsync();

        var reply = await user.Caller.PostAsync("/v1/chat/completions", new { model, stream, messages = new[] { new { role = "user", content = "Hi" } } });

        var isAnswered = goesOn && targets > 1;
        var attempts = goesOn ? targets : 1;
        var row = await Eventually.GetAsync(async () => (await user.Caller.UsageAsync()).Single(), each => each.GetProperty("status").GetString() != "held");
        Assert.Multiple(() =>
        {
            Assert.That(reply.Status, Is.EqualTo(isAnswered ? 200 : status), reply.Text);
            Assert.That(_gateway.Providers.Select(provider => provider.Seen.Count), Is.EqualTo(Enumerable.Range(0, 3).Select(place => place < attempts ? 1 : 0)));
            Assert.That(row.GetProperty("requestedModel").GetString(), Is.EqualTo(model));
            Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.EqualTo(ExpectedCost(row, isAnswered, mayBeBilled, attempts, targets)));
            Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.LessThanOrEqualTo(row.GetProperty("heldUsd").GetDecimal()));
        });
        if (isAnswered) Assert.That(row.GetProperty("provider").GetString(), Is.EqualTo(new[] { "alpha", "beta", "gamma" }[targets - 1]));
        await _gateway.Host.Admin.VerifyAsync();
    }

    // The n-th target costs n dollars a million input tokens and 2n a million output tokens. The maximum of an attempt is its prompt and 2,000 output
    // tokens.
    private static decimal ExpectedCost(JsonElement row, bool isAnswered, bool mayBeBilled, int attempts, int targets)
    {
        var answered = isAnswered ? targets * ((11 * 1m) + (3 * 2m)) / 1_000_000m : 0;
        if (!mayBeBilled) return answered;
        var lost = row.GetProperty("attempts").EnumerateArray().Take(isAnswered ? attempts - 1 : attempts).ToArray();
        Assert.That(lost.Select(each => each.GetProperty("outcome").GetString()), Is.All.EqualTo("unknown"));
        return answered + lost.Sum(each => each.GetProperty("costUsd").GetDecimal());
    }
}
