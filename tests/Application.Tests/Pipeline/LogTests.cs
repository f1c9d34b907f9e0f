using AiGateway.Application.Ledger;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Pipeline;

/// <summary>Each request writes one log line with what an operator needs, and without the content of prompts and replies.</summary>
public sealed class LogTests : IDisposable
{
    private const string Secret = "canary";

    private readonly IModelAdapter _alpha = Sample.Adapter("alpha", Sample.Model("m-default"));
    private readonly IModelAdapter _beta = Sample.Adapter("beta", Sample.Model("m-default"));
    private readonly UseCases _useCases;

    public LogTests()
    {
        _useCases = new UseCases(_alpha, _beta);
        _alpha.Configure().GenerateAsync(default!, default).ReturnsForAnyArgs(Sample.Reply("m-default") with { Content = Secret });
    }

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Log_OfARequest_IsOneLineWithoutContent()
    {
        var request = Sample.Request() with { Prompt = Secret, SystemPrompt = Secret, Options = new() { Stop = [Secret] } };

        await _useCases.SendAsync(request);

        Assert.That(_useCases.Log.Lines, Is.EqualTo(
            [$"Generation {request.RequestId} of user {Sample.UserId}: ok, settled, provider alpha, model m-default, 10 prompt and 5 completion tokens, 20000 nano-USD, attempts 1, 0.0 ms"]));
    }

    [Test]
    public async Task Log_OfARefusedRequest_NamesTheLimit()
    {
        _useCases.Ledger.Configure().HoldAsync(Arg.Any<Hold>(), Arg.Any<CancellationToken>())
            .Returns(new HoldDecision(new QuotaRefusal(QuotaLimit.DailyRequests, 1, 1, 1, Sample.Noon)));

        await Assert.ThrowsAsync<QuotaExceededException>(() => _useCases.SendAsync(Sample.Request() with { Prompt = Secret }));

        Assert.That(_useCases.Log.Lines.Single(), Does.Contain("daily_requests").And.Contain($"{Sample.Request().RequestId}").And.Not.Contain(Secret));
    }

    [Test]
    public async Task Log_OfAFailedProvider_NamesItAndTheRequest()
    {
        _alpha.Configure().GenerateAsync(default!, default).ThrowsAsyncForAnyArgs(Sample.Failure(ErrorCode.ProviderTimeout));

        await _useCases.SendAsync(Sample.Request() with { Prompt = Secret });

        Assert.That(_useCases.Log.Lines, Has.Count.EqualTo(2));
        Assert.That(_useCases.Log.Lines[0], Does.Contain("alpha").And.Contain("provider_timeout").And.Contain($"{Sample.Request().RequestId}"));
        Assert.That(_useCases.Log.Lines, Has.None.Contains(Secret));
    }
}
