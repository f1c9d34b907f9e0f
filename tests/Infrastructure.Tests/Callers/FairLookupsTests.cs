using System.Net;
using AiGateway.Infrastructure.Callers;

namespace AiGateway.Infrastructure.Tests.Callers;

internal sealed class FairLookupsTests
{
    private static readonly IPAddress Attacker = IPAddress.Parse("203.0.113.1");
    private static readonly IPAddress Neighbour = IPAddress.Parse("203.0.113.2");

    [Test]
    public void Lookups_WhenManyComeAtOnce_QueryTheDatabaseAFewAtATime()
    {
        using var desk = new Desk(most: 16);
        for (var i = 0; i < 100; i++) desk.Ask(Attacker, $"{i}");

        Assert.That(desk.Begun, Has.Count.EqualTo(16));
        desk.AnswerAll(() => Assert.That(desk.Begun.Count - desk.Answered, Is.LessThanOrEqualTo(16)));
        Assert.That(desk.Begun, Has.Count.EqualTo(100));
    }

    [Test]
    public void Lookups_WhenOneAddressFloods_TakeTurnsByAddress()
    {
        using var desk = new Desk(most: 1);
        for (var i = 0; i < 50; i++) desk.Ask(Attacker, $"attacker {i}");
        desk.Ask(Neighbour, "neighbour 0");
        desk.Ask(Neighbour, "neighbour 1");

        desk.AnswerAll();

        Assert.That(desk.Begun.Take(5), Is.EqualTo(["attacker 0", "attacker 1", "neighbour 0", "attacker 2", "neighbour 1"]));
    }

    [Test]
    public void Lookup_WhenItsKeyWasValid_GoesBeforeAllWaiting()
    {
        using var desk = new Desk(most: 1);
        for (var i = 0; i < 50; i++) desk.Ask(Attacker, $"attacker {i}");
        desk.Ask(null, "good");

        desk.AnswerAll();

        Assert.That(desk.Begun[1], Is.EqualTo("good"));
        Assert.That(desk.Begun, Has.Count.EqualTo(51));
    }

    [Test]
    public async Task Lookup_WhenItFails_FreesItsPlace()
    {
        var lookups = new FairLookups(1);
        for (var i = 0; i < 3; i++)
            Assert.That(async () => await lookups.RunAsync<int>(Attacker, () => throw new InvalidOperationException()), Throws.InvalidOperationException);

        Assert.That(await lookups.RunAsync(Attacker, () => Task.FromResult(7)), Is.EqualTo(7));
    }

    /// <summary>Records which look-ups have begun, and answers them one by one.</summary>
    private sealed class Desk(int most) : IDisposable
    {
        private readonly FairLookups _lookups = new(most);
        private readonly List<Task> _asked = [];
        private readonly SemaphoreSlim _begun = new(0);
        private readonly Queue<TaskCompletionSource<int>> _open = new();
        private readonly List<string> _names = [];

        public int Answered { get; private set; }

        public IReadOnlyList<string> Begun
        {
            get
            {
                lock (_names) return [.. _names];
            }
        }

        public void Ask(IPAddress? address, string name) => _asked.Add(_lookups.RunAsync(address, () =>
        {
            var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_names)
            {
                _names.Add(name);
                _open.Enqueue(answer);
            }

            _begun.Release();
            return answer.Task;
        }));

        public void Dispose() => _begun.Dispose();

        public void AnswerAll(Action? afterEach = null)
        {
            for (var i = 0; i < _asked.Count; i++)
            {
                Assert.That(_begun.Wait(TimeSpan.FromSeconds(60)), Is.True, "the next look-up begins");
                lock (_names) _open.Dequeue().SetResult(i);
                Answered++;
                afterEach?.Invoke();
            }

            Task.WaitAll([.. _asked]);
        }
    }
}
