using AiGateway.Application.Generation;
using AiGateway.Application.Ports;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace AiGateway.Application.Tests.Generation;

public sealed class AskStoredResponseTests : IDisposable
{
    private static readonly AskStoredResponse Query =
        new(Sample.Request().RequestId, Sample.UserId, "resp_1", StoredResponseAction.Get, "?include=a");

    private static readonly byte[] Json = [(byte)'{', (byte)'}'];

    private readonly IStoredResponseAdapter _keeper = Substitute.For<IStoredResponseAdapter>();
    private readonly UseCases _useCases;

    public AskStoredResponseTests()
    {
        _keeper.Name.Returns("keeper");
        _keeper.AskAsync(Arg.Any<AskStoredResponse>(), Arg.Any<CancellationToken>()).Returns(Json);
        _useCases = new UseCases(Sample.Adapter("alpha"), _keeper);
        _useCases.StoredObjects.FindAsync(default, default!, default).ReturnsForAnyArgs([]);
    }

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Ask_ForOnesOwn_PassesTheProvidersJsonOn()
    {
        Own("resp_1", "keeper");

        var reply = await _useCases.SendAsync(Query);

        Assert.That(reply.ToArray(), Is.EqualTo(Json));
        await _keeper.Received(1).AskAsync(Query, Arg.Any<CancellationToken>());
        await _useCases.StoredObjects.DidNotReceiveWithAnyArgs().RemoveAsync(default, default!, default);
    }

    [Test]
    public async Task Ask_ForWhatAnotherMade_IsNotFoundAndReachesNobody() => await AssertMissingAsync(Query);

    [Test]
    public async Task Ask_WhenItsProviderKeepsNothing_IsNotFound()
    {
        Own("resp_1", "alpha");

        await AssertMissingAsync(Query);
    }

    [TestCase("../models")]
    [TestCase("resp_1/../x")]
    [TestCase("resp%2f1")]
    [TestCase("resp_1?x=1")]
    [TestCase("r\u00e9sp")]
    public async Task Ask_WithAnIdThatCannotBeOne_IsNotEvenLookedFor(string id)
    {
        Own(id, "keeper");

        await AssertMissingAsync(Query with { Id = id });

        await _useCases.StoredObjects.DidNotReceiveWithAnyArgs().FindAsync(default, default!, default);
    }

    [Test]
    public async Task Ask_ToDelete_ForgetsItOnceTheProviderHas()
    {
        Own("resp_1", "keeper");

        await _useCases.SendAsync(Query with { Action = StoredResponseAction.Delete });

        await _useCases.StoredObjects.Received(1).RemoveAsync(Sample.UserId, "resp_1", Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Ask_ToDelete_WhenTheProviderFails_ForgetsNothing()
    {
        Own("resp_1", "keeper");
        _keeper.AskAsync(default!, default).ThrowsAsyncForAnyArgs(Sample.Failure(ErrorCode.ProviderFailed));

        await Assert.ThrowsAsync<ProviderException>(() => _useCases.SendAsync(Query with { Action = StoredResponseAction.Delete }));

        await _useCases.StoredObjects.DidNotReceiveWithAnyArgs().RemoveAsync(default, default!, default);
    }

    [TestCase(2000, true)]
    [TestCase(2001, false)]
    public async Task Ask_Query_HasAtMost2000Characters(int length, bool isTaken)
    {
        var faults = await _useCases.FaultsOfAsync(Query with { Query = new string('q', length) });

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(isTaken ? Array.Empty<string>() : ["query"]));
    }

    [Test]
    public async Task Ask_ForAStream_IsRefusedByName()
    {
        var faults = await _useCases.FaultsOfAsync(Query with { Query = "?Stream=TRUE" });

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(["stream"]));
    }

    private void Own(string id, string provider) => _useCases.StoredObjects
        .FindAsync(Sample.UserId, Arg.Any<IReadOnlyCollection<string>>(), Arg.Any<CancellationToken>()).Returns([new OwnedObject(id, provider, 1, "m-default")]);

    private async Task AssertMissingAsync(AskStoredResponse query)
    {
        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => _useCases.SendAsync(query));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.NotFound));
        await _keeper.DidNotReceiveWithAnyArgs().AskAsync(default!, default);
    }
}
