using System.Collections.Concurrent;
using AiGateway.Application.Telemetry.Metrics;

namespace AiGateway.Application.Tests.Telemetry;

internal sealed class MeasureBufferTests
{
    private const int Size = 4;

    private readonly ConcurrentQueue<int> _recorded = new();

    [Test]
    public void Measures_AreRecordedWhenTheBufferIsFull()
    {
        var buffer = NewBuffer();

        for (var measure = 1; measure <= 2 * Size + 1; measure++) buffer.Add(measure);

        Assert.That(_recorded, Is.EqualTo(Enumerable.Range(1, 2 * Size)));
    }

    [Test]
    public void Drain_RecordsWhatIsKept_Once()
    {
        var buffer = NewBuffer();
        buffer.Add(1);
        buffer.Add(2);

        buffer.Drain();
        buffer.Drain();
        buffer.Add(3);
        buffer.Drain();

        Assert.That(_recorded, Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void Measures_OfManyThreads_WhileOthersDrain_AreEachRecordedOnce()
    {
        const int measures = 20_000;
        var buffer = NewBuffer();

        Parallel.For(0, measures, measure =>
        {
            buffer.Add(measure);
            if (measure % 7 == 0) buffer.Drain();
        });
        buffer.Drain();

        Assert.That(_recorded.Order(), Is.EqualTo(Enumerable.Range(0, measures)));
    }

    private MeasureBuffer<int> NewBuffer() => new((in measure) => _recorded.Enqueue(measure), Size);
}
