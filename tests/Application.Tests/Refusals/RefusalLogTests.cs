using AiGateway.Application.Refusals;
using AiGateway.Domain;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Application.Tests.Refusals;

/// <summary>The list of refusals is bounded, and forgets after a day.</summary>
internal sealed class RefusalLogTests
{
    private readonly FakeTimeProvider _time = new(Sample.Noon);
    private RefusalLog _log = null!;

    [SetUp]
    public void Start() => _log = new RefusalLog(_time);

    [Test]
    public void Note_ForTheSameUserAndLimit_CountsOneLine()
    {
        _log.NoteRate(CallerOf(1));
        _time.Advance(TimeSpan.FromMinutes(1));
        _log.NoteRate(CallerOf(1));

        var line = _log.Read().Single();

        Assert.That((line.Count, line.FirstAt, line.LastAt), Is.EqualTo((2L, Sample.Noon, Sample.Noon.AddMinutes(1))));
        Assert.That(line.By.Limit, Is.EqualTo("gateway_requests_per_minute"));
    }

    [Test]
    public void Read_AfterADay_HasForgottenTheLine()
    {
        _log.NoteRate(CallerOf(1));
        _time.Advance(TimeSpan.FromHours(23));
        _log.NoteRate(CallerOf(2));

        _time.Advance(TimeSpan.FromHours(2));

        Assert.That(_log.Read().Select(line => line.By.UserId), Is.EqualTo([CallerOf(2).UserId]));
        Assert.That(_log.Since, Is.EqualTo(Sample.Noon));
    }

    [Test]
    public void Note_WhenTheListIsFull_ReplacesTheOldestLine()
    {
        for (var i = 0; i <= RefusalLog.Capacity; i++)
        {
            _log.NoteRate(CallerOf(i));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var users = _log.Read().Select(line => line.By.UserId).ToArray();

        Assert.That(users, Has.Length.EqualTo(RefusalLog.Capacity));
        Assert.That(users[0], Is.EqualTo(CallerOf(RefusalLog.Capacity).UserId), "newest first");
        Assert.That(users, Has.No.Member(CallerOf(0).UserId));
    }

    private static Caller CallerOf(int number) => new(new Guid(number, 0, 0, new byte[8]), "Ann", null, Scopes.All);
}
