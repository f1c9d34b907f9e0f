using AiGateway.Application.Alerts;
using AiGateway.Domain;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Application.Tests.Alerts;

/// <summary>A storm of records in trouble becomes one event a minute and kind.</summary>
internal sealed class TroubledRecordsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void Storm_BecomesOneEventAMinuteOfEachKind()
    {
        var records = new TroubledRecords(_clock);
        Assert.That(records.Take(), Is.Empty);

        for (var i = 0; i < 1000; i++)
        {
            records.AddUnknown(Guid.CreateVersion7(_clock.GetUtcNow()));
            records.AddExpired(Guid.Empty, _clock.GetUtcNow());
        }

        var first = records.Take();
        records.AddUnknown(Guid.Empty);
        var tooEarly = records.Take();
        _clock.Advance(TroubledRecords.Interval);
        var second = records.Take();

        Assert.That(first.Select(each => (each.Problem, each.Count, each.First.Count)), Is.EqualTo([(AlertProblem.Expired, 1000L, 10), (AlertProblem.Unknown, 1000L, 10)]));
        Assert.That(tooEarly, Is.Empty);
        Assert.That(second.Select(each => (each.Problem, each.Count)), Is.EqualTo([(AlertProblem.Unknown, 1L)]));
    }
}
