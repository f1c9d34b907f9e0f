using System.Collections.Concurrent;

namespace AiGateway.FaultInjection.Harness;

/// <summary>Lanes that send one request after the other until told to stop. The requests are plain and streamed, through both APIs.</summary>
internal sealed class Load : IAsyncDisposable
{
    // The pause leaves a small machine enough time to start gateways.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly Manner[] Manners = Enum.GetValues<Manner>();

    private readonly FaultHarness _harness;
    private readonly Func<Payer> _payer;
    private readonly Func<Uri?> _gateway;
    private readonly ConcurrentQueue<Reply> _answers = new();
    private readonly Task _lanes;
    private volatile bool _isEnough;

    private Load(FaultHarness harness, int lanes, Func<Payer> payer, Func<Uri?>? gateway)
    {
        (_harness, _payer, _gateway) = (harness, payer, gateway ?? (() => harness.Fleet.Any()));
        _lanes = Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(SendAsync)));
    }

    /// <summary>The replies so far.</summary>
    public IReadOnlyCollection<Reply> Answers => _answers;

    public static Load Start(FaultHarness harness, int lanes, Func<Payer> payer, Func<Uri?>? gateway = null) => new(harness, lanes, payer, gateway);

    /// <summary>Sends nothing more, and waits for the requests under way.</summary>
    public Task StopAsync()
    {
        _isEnough = true;
        return _lanes;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task SendAsync()
    {
        while (!_isEnough)
        {
            if (_gateway() is { } gateway)
                _answers.Enqueue(await _harness.Sender.SendAsync(gateway, _payer(), _harness.Sender.NextName(), Manners[Random.Shared.Next(Manners.Length)]));
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
