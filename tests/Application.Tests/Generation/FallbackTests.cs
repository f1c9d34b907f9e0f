using AiGateway.Application.Providers;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Generation;

/// <summary>Which provider answers when another one fails. The requests go through the pipeline.</summary>
public sealed class FallbackTests : IDisposable
{
    private readonly IModelAdapter _alpha = Sample.Adapter("alpha", Sample.Model("m-default", 1, 2));
    private readonly IModelAdapter _beta = Sample.Adapter("beta", Sample.Model("m-default", 3, 4));
    private readonly UseCases _useCases;

    public FallbackTests() => _useCases = new UseCases(_alpha, _beta);

    public void Dispose() => _useCases.Dispose();

    [TestCase(ErrorCode.ProviderRateLimited)]
    [TestCase(ErrorCode.ProviderTimeout)]
    [TestCase(ErrorCode.ProviderFailed)]
    public async Task Generate_WhenTheFirstProviderFails_IsAnsweredAndPricedByTheSecond(ErrorCode code)
    {
        Fail(_alpha, Sample.Failure(code));

        var reply = await _useCases.SendAsync(Sample.Request());

        Assert.That(reply.Provider, Is.EqualTo("beta"));
        Assert.That(reply.CostNanoUsd, Is.EqualTo((10 * 3_000) + (5 * 4_000)));
        var settlement = _useCases.Settlements.Single();
        Assert.That(
            (settlement.Status, settlement.Provider, settlement.CostNanoUsd, settlement.Error),
            Is.EqualTo((UsageStatus.Settled, "beta", reply.CostNanoUsd, (ErrorCode?)null)));
    }

    [Test]
    public async Task Generate_WhenTheFirstProviderAnswers_CallsNoOther()
    {
        await _useCases.SendAsync(Sample.Request());

        await _beta.DidNotReceiveWithAnyArgs().GenerateAsync(default!, default);
    }

    [Test]
    public async Task Generate_WhenTheRequestItselfIsRejected_CallsNoOther()
    {
        Fail(_alpha, Sample.Failure(ErrorCode.ProviderRejected));

        await Assert.ThrowsAsync<ProviderException>(() => _useCases.SendAsync(Sample.Request()));

        await _beta.DidNotReceiveWithAnyArgs().GenerateAsync(default!, default);
        Assert.That(_useCases.Settlements.Single().Error, Is.EqualTo(ErrorCode.ProviderRejected));
    }

    [Test]
    public async Task Generate_WhenEveryProviderFails_NamesEachInOrder()
    {
        var (first, second) = (Sample.Failure(ErrorCode.ProviderTimeout), Sample.Failure(ErrorCode.ProviderFailed, "beta"));
        Fail(_alpha, first);
        Fail(_beta, second);

        var failure = await Assert.ThrowsAsync<AllProvidersFailedException>(() => _useCases.SendAsync(Sample.Request()));

        Assert.That(failure.Failures, Is.EqualTo([first, second]));
        Assert.That(failure.Message, Does.Contain("alpha: provider_timeout").And.Contain("beta: provider_failed"));
        Assert.That(_useCases.Settlements.Single().Status, Is.EqualTo(UsageStatus.Released));
        Assert.That(_useCases.Settlements.Single().Error, Is.EqualTo(ErrorCode.AllProvidersFailed));
    }

    [Test]
    public async Task Generate_WhenAnAdapterThrowsAnUnexpectedException_CallsNoOther()
    {
        Fail(_alpha, new InvalidOperationException("a bug"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => _useCases.SendAsync(Sample.Request()));

        await _beta.DidNotReceiveWithAnyArgs().GenerateAsync(default!, default);
    }

    private static void Fail(IModelAdapter adapter, Exception failure) =>
        adapter.Configure().GenerateAsync(default!, default).ThrowsAsyncForAnyArgs(failure);
}
