using AiGateway.Application.Ledger;
using AiGateway.Application.Providers;
using AiGateway.Application.Routing;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Pipeline;

/// <summary>What is held before a provider is called. Without a hold no provider is called.</summary>
public sealed class HoldTests
{
    private readonly IModelAdapter _alpha = Sample.Adapter("alpha", Sample.Model("m-default", inputUsd: 1, outputUsd: 2));

    [Test]
    public async Task Hold_OfARequest_IsItsMaximumCostToTheNanoDollar()
    {
        using var useCases = new UseCases(_alpha);
        var keyId = Guid.Parse("0193a000-0000-7000-8000-0000000000aa");
        var request = Sample.Request() with
        {
            Caller = Sample.Caller with { ApiKeyId = keyId },
            Choices = 3,
            EndUser = "grace",
            Operation = ModelOperation.Chat,
            Options = new() { MaxTokens = 7 },
        };

        await useCases.SendAsync(request);

        Assert.That(useCases.Holds, Is.EqualTo([new Hold
        {
            RequestId = request.RequestId,
            UserId = Sample.UserId,
            ApiKeyId = keyId,
            At = Sample.Noon,
            Operation = ModelOperation.Chat,
            RequestedModel = "m-default",
            Model = "m-default",
            Provider = "alpha",
            Streamed = false,
            EndUser = "grace",
            PromptTokens = 10,
            MaxCompletionTokens = 21,
            HeldNanoUsd = (10 * 1_000) + (21 * 2_000),
            HeldTokens = 10 + 21,
            PriceVersion = "prices-7",
        }]));
    }

    [Test]
    public async Task Hold_WhenTheRequestedModelIsRetired_NamesBothModels()
    {
        var old = Sample.Model("m-default") with { RetiredOn = new(2026, 1, 1), Successor = "m-new" };
        using var useCases = new UseCases(Sample.Adapter("alpha", old, Sample.Model("m-new")));

        await useCases.SendAsync(Sample.Request());

        Assert.That(useCases.Holds[0].RequestedModel, Is.EqualTo("m-default"));
        Assert.That(useCases.Holds[0].Model, Is.EqualTo("m-new"));
    }

    [TestCase(1, 9)]
    [TestCase(9, 1)]
    public async Task Hold_WhenSeveralProvidersServe_CoversTheMostExpensive(long alphaUsd, long betaUsd)
    {
        var alpha = Sample.Adapter("alpha", Sample.Model("m-default", alphaUsd, alphaUsd));
        var beta = Sample.Adapter("beta", Sample.Model("m-default", betaUsd, betaUsd));
        using var useCases = new UseCases(alpha, beta);

        await useCases.SendAsync(Sample.Request());

        Assert.That(useCases.Holds[0].HeldNanoUsd, Is.EqualTo((10 + 100) * 9_000));
        Assert.That(useCases.Holds[0].Provider, Is.EqualTo("alpha"), "the most expensive provider bounds the hold but is not called first");
    }

    [Test]
    public async Task Hold_WhenFallbackIsOff_CoversTheFirstProviderAlone()
    {
        var beta = Sample.Adapter("beta", Sample.Model("m-default", 9, 9));
        using var useCases = new UseCases(_alpha, beta) { Routing = new RoutingPolicy([], FallBack: false) };

        await useCases.SendAsync(Sample.Request());

        Assert.That(useCases.Holds[0].HeldNanoUsd, Is.EqualTo((10 * 1_000) + (100 * 2_000)));
    }

    [Test]
    public async Task Hold_WhenRefused_CallsNoProviderAndSettlesNothing()
    {
        var refusal = new QuotaRefusal(QuotaLimit.MonthlySpend, 10, 9, 2, Sample.Noon.AddDays(9));
        using var useCases = new UseCases(_alpha);
        useCases.Ledger.Configure().HoldAsync(Arg.Any<Hold>(), Arg.Any<CancellationToken>()).Returns(new HoldDecision(refusal));

        var failure = await Assert.ThrowsAsync<QuotaExceededException>(() => useCases.SendAsync(Sample.Request()));

        Assert.That(failure.Refusal, Is.EqualTo(refusal with { FittingOutputLimit = 0 }));
        AssertNothingHappened(useCases);
    }

    [Test]
    public async Task Hold_WhenTheLedgerIsUnavailable_CallsNoProviderAndSettlesNothing()
    {
        var away = new AiGatewayException(ErrorCode.LedgerUnavailable, "away") { RetryAfter = TimeSpan.FromSeconds(2) };
        using var useCases = new UseCases(_alpha);
        useCases.Ledger.Configure().HoldAsync(Arg.Any<Hold>(), Arg.Any<CancellationToken>()).ThrowsAsync(away);

        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => useCases.SendAsync(Sample.Request()));

        Assert.That(failure, Is.SameAs(away));
        AssertNothingHappened(useCases);
    }

    [Test]
    public async Task Hold_Always_IsGivenTheCallersCancellation()
    {
        using var caller = new CancellationTokenSource();
        using var useCases = new UseCases(_alpha);

        await useCases.SendAsync(Sample.Request(), caller.Token);

        await useCases.Ledger.Received(1).HoldAsync(Arg.Any<Hold>(), caller.Token);
    }

    [Test]
    public async Task Hold_WhenTheModelHasNoPrice_IsNotRequested()
    {
        using var useCases = new UseCases(_alpha);

        await Assert.ThrowsAsync<AiGatewayException>(() => useCases.SendAsync(Sample.Request("m-unheard")));

        Assert.That(useCases.Holds, Is.Empty);
        AssertNothingHappened(useCases);
    }

    private void AssertNothingHappened(UseCases useCases)
    {
        Assert.That(useCases.Settlements, Is.Empty);
        _alpha.DidNotReceiveWithAnyArgs().GenerateAsync(default!, default);
    }
}
