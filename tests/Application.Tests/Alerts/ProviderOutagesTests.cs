using AiGateway.Application.Alerts;
using AiGateway.Domain;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Application.Tests.Alerts;

/// <summary>An outage of an account is told once, and is over after a calm answer.</summary>
internal sealed class ProviderOutagesTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void Account_ThatComesAndGoes_IsOneOutage()
    {
        var outages = new ProviderOutages(_clock);

        for (var i = 0; i < 10; i++)
        {
            outages.NoteRefusal("openai", "", AlertProblem.AccountExhausted);
            _clock.Advance(ProviderOutages.Calm / 2);
            outages.NoteAnswer("openai", "gpt");
        }

        Assert.That(Take(outages), Is.EqualTo([("", AlertProblem.AccountExhausted as AlertProblem?)]));
    }

    [Test]
    public void Model_ThatIsRefused_IsNotRepairedByAnother()
    {
        var outages = new ProviderOutages(_clock);
        outages.NoteRefusal("azure", "gpt", AlertProblem.Misconfigured);
        _clock.Advance(ProviderOutages.Calm);

        outages.NoteAnswer("azure", "other");
        outages.NoteAnswer("openai", "gpt");
        Assert.That(Take(outages), Is.EqualTo([("gpt", AlertProblem.Misconfigured as AlertProblem?)]));
        outages.NoteAnswer("azure", "gpt");

        Assert.That(Take(outages), Is.EqualTo([("gpt", null as AlertProblem?)]));
    }

    private static List<(string Model, AlertProblem? Problem)> Take(ProviderOutages outages)
    {
        var taken = new List<(string, AlertProblem?)>();
        while (outages.TryPeek(out var change))
        {
            taken.Add((change.Model, change.Problem));
            outages.Stored();
        }

        return taken;
    }
}
