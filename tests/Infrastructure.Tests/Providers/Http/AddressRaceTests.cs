using System.Net;
using System.Net.Sockets;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Tests.Providers.Http;

/// <summary>Hosts with several addresses, some of them unreachable. The tests set the time.</summary>
[TestFixture]
internal sealed class AddressRaceTests
{
    private static readonly IPAddress Six = IPAddress.Parse("2001:db8::1");
    private static readonly IPAddress OtherSix = IPAddress.Parse("2001:db8::2");
    private static readonly IPAddress Four = IPAddress.Parse("192.0.2.1");
    private static readonly DnsEndPoint Host = new("provider.test", 443);

    private readonly List<IPAddress> _tried = [];
    private readonly WatchedTime _time = new();

    [SetUp]
    public void Forget() => _tried.Clear();

    [Test]
    public async Task Host_WithAnUnreachableIPv6Address_IsReachedByIPv4()
    {
        var connecting = RaceAsync([Six, OtherSix, Four], (address, token) => address.Equals(Four) ? Connected() : Never(token));

        await _time.PassAsync(AddressRace.Lead);

        Assert.That(await connecting, Is.Not.Null);
        Assert.That(_tried, Is.EqualTo([Six, Four]), "the addresses of both families are tried in turns");
    }

    [Test]
    public async Task Host_WithARefusingAddress_IsReachedByTheNextAtOnce()
    {
        var stream = await RaceAsync([Six, Four], (address, _) => address.Equals(Four) ? Connected() : Refused());

        Assert.That(stream, Is.Not.Null);
        Assert.That(_tried, Is.EqualTo([Six, Four]));
    }

    [Test]
    public void Host_WithoutAnAddressThatAnswers_FailsLikeTheLastAddress() =>
        Assert.That(
            async () => await RaceAsync([Six, Four], (_, _) => Refused()),
            Throws.InstanceOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionRefused));

    [Test]
    public async Task Host_ThatDoesNotAnswer_FailsAfterTheLimit()
    {
        var connecting = RaceAsync([Four], (_, token) => Never(token));

        await _time.PassAsync(AddressRace.Limit);

        Assert.That(async () => await connecting, Throws.InstanceOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.TimedOut));
    }

    [Test]
    public void Host_WhenTheCallerLeaves_IsCancelled()
    {
        using var caller = new CancellationTokenSource();
        var connecting = RaceAsync([Six, Four], (_, token) => Never(token), caller.Token);

        caller.Cancel();

        Assert.That(async () => await connecting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Connection_ThatIsMadeTooLate_IsClosed()
    {
        var (late, loser) = (new TaskCompletionSource<Stream>(), new MemoryStream());
        var connecting = RaceAsync([Six, Four], (address, _) => address.Equals(Four) ? Connected() : late.Task);
        await _time.PassAsync(AddressRace.Lead);
        await connecting;

        late.SetResult(loser);

        await AiGateway.Testing.Eventually.GetAsync(() => Task.FromResult(loser.CanRead), canRead => !canRead);
    }

    [Test]
    public void Host_WithoutAddresses_IsNotFound() =>
        Assert.That(
            async () => await RaceAsync([], (_, _) => Connected()),
            Throws.InstanceOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.HostNotFound));

    private Task<Stream> RaceAsync(
        IPAddress[] addresses, Func<IPAddress, CancellationToken, Task<Stream>> connect, CancellationToken cancellationToken = default)
    {
        var race = new AddressRace(
            (_, _) => Task.FromResult(addresses),
            (target, token) =>
            {
                _tried.Add(target.Address);
                return connect(target.Address, token);
            },
            _time);
        return race.ConnectAsync(Host, cancellationToken);
    }

    private static Task<Stream> Connected() => Task.FromResult<Stream>(new MemoryStream());

    private static Task<Stream> Refused() => Task.FromException<Stream>(new SocketException((int)SocketError.ConnectionRefused));

    private static async Task<Stream> Never(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return Stream.Null;
    }
}
