using AiGateway.Application.Health;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace AiGateway.Application.Tests.Health;

public sealed class ProviderHealthBoardTests : IDisposable
{
    private readonly IModelAdapter _alpha = Sample.Adapter("alpha");
    private readonly IModelAdapter _beta = Sample.Adapter("beta");
    private readonly UseCases _useCases;

    public ProviderHealthBoardTests() => _useCases = new UseCases(_alpha, _beta);

    private ProviderHealthBoard Board => _useCases.Get<ProviderHealthBoard>();

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Read_WhileACheckRuns_SharesIt()
    {
        var check = new TaskCompletionSource<HealthStatus>();
        _alpha.CheckHealthAsync(default).ReturnsForAnyArgs(check.Task);

        var (first, second) = (Board.ReadAsync(default), Board.ReadAsync(default));
        _useCases.Time.Advance(ProviderHealthBoard.MaxAge * 2);
        var third = Board.ReadAsync(default);
        check.SetResult(Sample.Health("alpha", HealthState.Degraded));

        Assert.That((await Task.WhenAll(first, second, third)).Select(round => round[0].State), Has.All.EqualTo(HealthState.Degraded));
        await AssertRoundsAsync(1);
    }

    [TestCase(-1, 1)]
    [TestCase(0, 2)]
    public async Task Read_AtTheMaximumAge_ChecksAgain(long ticks, int rounds)
    {
        await Board.ReadAsync(default);
        _useCases.Time.Advance(ProviderHealthBoard.MaxAge + TimeSpan.FromTicks(ticks));

        await Board.ReadAsync(default);

        await AssertRoundsAsync(rounds);
    }

    [Test]
    public async Task Read_WhenOneCallerLeaves_StillAnswersTheOthers()
    {
        using var asker = new CancellationTokenSource();
        var check = new TaskCompletionSource<HealthStatus>();
        _alpha.CheckHealthAsync(default).ReturnsForAnyArgs(check.Task);

        var (leaving, staying) = (Board.ReadAsync(asker.Token), Board.ReadAsync(default));
        await asker.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => leaving);
        check.SetResult(Sample.Health("alpha", HealthState.Healthy));

        Assert.That(await staying, Has.Count.EqualTo(2));
        await _alpha.Received(1).CheckHealthAsync(CancellationToken.None);
    }

    [TestCase(typeof(InvalidOperationException))]
    [TestCase(typeof(OperationCanceledException))]
    public async Task Read_AfterACheckThatThrew_ChecksAgainAtOnce(Type kind)
    {
        _alpha.CheckHealthAsync(default).ThrowsAsyncForAnyArgs((Exception)Activator.CreateInstance(kind)!);
        await Assert.ThatAsync(() => Board.ReadAsync(default), Throws.InstanceOf(kind));
        _alpha.CheckHealthAsync(default).ReturnsForAnyArgs(Sample.Health("alpha", HealthState.Healthy));

        Assert.That((await Board.ReadAsync(default))[0].State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public async Task Read_Results_AreSavedForEachProvider()
    {
        _beta.CheckHealthAsync(default).ReturnsForAnyArgs(Sample.Health("beta", HealthState.Unhealthy));

        await Board.ReadAsync(default);

        await _useCases.Providers.Received(1).SaveHealthAsync(
            Arg.Is<ProviderHealth>(health => health.ProviderName == "alpha" && health.State == HealthState.Healthy && health.Problem == null),
            CancellationToken.None);
        await _useCases.Providers.Received(1).SaveHealthAsync(
            Arg.Is<ProviderHealth>(health => health.ProviderName == "beta" && health.State == HealthState.Unhealthy
                && health.Problem == "down" && health.LatencyMs == 7 && health.CheckedAt == Sample.Noon),
            CancellationToken.None);
    }

    [Test]
    public async Task Read_WhenTheStoreFails_StillReportsTheResults()
    {
        _useCases.Providers.SaveHealthAsync(default!, default).ThrowsAsyncForAnyArgs(new InvalidOperationException("no database"));

        var statuses = await Board.ReadAsync(default);

        Assert.That(statuses.Select(status => status.Name), Is.EqualTo(["alpha", "beta"]));
        await _useCases.Providers.ReceivedWithAnyArgs(2).SaveHealthAsync(default!, default);
    }

    private async Task AssertRoundsAsync(int rounds)
    {
        await _alpha.ReceivedWithAnyArgs(rounds).CheckHealthAsync(default);
        await _beta.ReceivedWithAnyArgs(rounds).CheckHealthAsync(default);
    }
}
