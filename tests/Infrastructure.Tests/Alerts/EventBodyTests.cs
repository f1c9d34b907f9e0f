using System.Text.Json;
using AiGateway.Domain;
using AiGateway.Infrastructure.Alerts.Formats;

namespace AiGateway.Infrastructure.Tests.Alerts;

/// <summary>The exact JSON of each format.</summary>
internal sealed class EventBodyTests
{
    private static readonly Guid Id = new("0193a000-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);

    private static Alert Budget => new()
    {
        Id = Id,
        Kind = AlertKind.Budget,
        At = Noon,
        OnceKey = "once",
        ScopeKind = ScopeKind.Team,
        ScopeId = Id,
        Window = (int)PeriodKind.Month,
        WindowStart = new DateOnly(2026, 11, 1),
        Metric = BudgetMetric.Spend,
        IsSoft = false,
        Percent = 80,
        Amount = 100 * Money.NanoUsdPerUsd,
        Used = 70 * Money.NanoUsdPerUsd,
        Held = 10_500_000_000,
        ResetsAt = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero),
    };

    [Test]
    public void Generic_OfABudget_HasItsFigures() => Assert.That(
        EventBody.Of(WebhookFormat.Generic, new AlertEvent(Budget, "Search")),
        Is.EqualTo(string.Concat(
            "{'id':'0193a000-0000-7000-8000-000000000001','type':'budget','at':'2026-11-15T12:00:00+00:00',",
            "'message':'The monthly spend budget of team Search has reached 80 %: 80.50 of 100.00 US dollars are used or held. ",
            "Requests are refused when it is used up. It resets at 2026-12-01 00:00 UTC.',",
            "'scope':{'kind':'team','id':'0193a000-0000-7000-8000-000000000001','name':'Search'},'limit':'monthly_spend','mode':'hard',",
            "'windowStart':'2026-11-01','percent':80,'amount':100,'used':70,'held':10.5,'resetsAt':'2026-12-01T00:00:00+00:00'}").Replace('\'', '"')));

    [TestCase(AlertProblem.AccountExhausted, null, "The provider openai says that the quota or the credit")]
    [TestCase(AlertProblem.Misconfigured, null, "The provider openai rejects the gateway's key or account.")]
    [TestCase(AlertProblem.Misconfigured, "gpt", "The provider openai refuses the model gpt.")]
    public void Generic_OfAProvider_SaysWhatIsWrong(AlertProblem problem, string? model, string message)
    {
        var alert = new Alert { Id = Id, Kind = AlertKind.Provider, At = Noon, OnceKey = "once", Provider = "openai", Model = model, Problem = problem };

        var json = JsonElement.Parse(EventBody.Of(WebhookFormat.Generic, new AlertEvent(alert, null)));

        Assert.That(json.GetProperty("problem").GetString(), Is.EqualTo(problem.ToName()));
        Assert.That(json.GetProperty("message").GetString(), Does.StartWith(message));
    }

    [Test]
    public void Generic_OfRecords_NamesTheFirst()
    {
        var alert = new Alert { Id = Id, Kind = AlertKind.Record, At = Noon, OnceKey = "once", Problem = AlertProblem.Expired, Count = 12, Requests = $"{Id}" };

        var json = JsonElement.Parse(EventBody.Of(WebhookFormat.Generic, new AlertEvent(alert, null)));

        Assert.That((json.GetProperty("count").GetInt64(), json.GetProperty("requests")[0].GetGuid()), Is.EqualTo((12L, Id)));
        Assert.That(json.GetProperty("message").GetString(), Does.StartWith("12 requests expired."));
    }

    [Test]
    public void Slack_WithANameFullOfMarkUp_ShowsItAsText()
    {
        var json = JsonElement.Parse(EventBody.Of(WebhookFormat.Slack, new AlertEvent(Budget, "<!channel> & *R&D*\n<http://x|y>")));

        Assert.That(json.GetProperty("text").GetString(), Does.StartWith("The monthly spend budget of team &lt;!channel&gt; &amp; *R&amp;D* &lt;http://x|y&gt; has reached 80 %"));
        Assert.That(json.GetProperty("mrkdwn").GetBoolean(), Is.False);
    }

    [Test]
    public void Teams_IsAnAdaptiveCardOfPlainTextRuns()
    {
        var json = JsonElement.Parse(EventBody.Of(WebhookFormat.Teams, new AlertEvent(Budget, "[click](http://x)")));

        var attachment = json.GetProperty("attachments")[0];
        var card = attachment.GetProperty("content");
        Assert.That((json.GetProperty("type").GetString(), attachment.GetProperty("contentType").GetString()), Is.EqualTo(("message", "application/vnd.microsoft.card.adaptive")));
        Assert.That((card.GetProperty("type").GetString(), card.GetProperty("version").GetString()), Is.EqualTo(("AdaptiveCard", "1.4")));
        Assert.That(card.GetProperty("body").EnumerateArray().Select(block => block.GetProperty("type").GetString()), Is.All.EqualTo("RichTextBlock"));
        Assert.That(card.GetProperty("body")[0].GetProperty("inlines")[0].GetProperty("text").GetString(), Is.EqualTo("AiGateway: budget at 80 %"));
        Assert.That(card.GetProperty("body")[1].GetProperty("inlines")[0].GetProperty("text").GetString(), Does.Contain("team [click](http://x) has reached"));
    }

    [Test]
    public void Test_SaysThatItIsOne([Values] WebhookFormat format) =>
        Assert.That(EventBody.Of(format, AlertEvent.Test(Id, Noon)), Does.Contain("This is a test event of AiGateway."));
}
