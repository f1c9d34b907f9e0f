using AiGateway.Application.Generation;
using AiGateway.Application.Ports;
using AiGateway.Application.Tests.Pipeline;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Generation;

/// <summary>What a provider keeps belongs to who made it, and is held for when it is read again.</summary>
public sealed class StoredReferencesTests : IDisposable
{
    private static Generate Request => Sample.Request() with { Operation = ModelOperation.Responses };

    private readonly IModelAdapter _alpha = Sample.Adapter("alpha", Sample.Model("m-default", inputUsd: 1, outputUsd: 2));
    private readonly UseCases _useCases;
    private readonly List<StoredObject> _kept = [];

    public StoredReferencesTests()
    {
        _useCases = new UseCases(_alpha);
        _useCases.StoredObjects.AddAsync(Arg.Do<IReadOnlyCollection<StoredObject>>(_kept.AddRange), Arg.Any<CancellationToken>())
            .Returns(Task.CompletedTask);
    }

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Hold_OfARequestThatNamesStoredObjects_CoversReadingThemAgain()
    {
        Own(new OwnedObject("resp_1", "alpha", 300), new OwnedObject("conv_2", "alpha", 7));
        long counted = 0;
        _alpha.Configure().EstimateCost(Arg.Do<ModelCall>(call => counted = call.Request.Extras.Tokens)).Returns(new CostEstimate(1, 1, 1));

        await _useCases.SendAsync(Request with { References = ["resp_1", "conv_2"], Extras = new() { Tokens = 5 } });

        Assert.That(counted, Is.EqualTo(312));
    }

    [Test]
    public async Task Generate_WhenItNamesWhatAnotherMade_IsNotFoundAndHoldsNothing()
    {
        Own(new OwnedObject("resp_1", "alpha", 300));

        var failure = await Assert.ThrowsAsync<AiGatewayException>(
            () => _useCases.SendAsync(Request with { References = ["resp_1", "resp_foreign"] }));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.NotFound));
        Assert.That(failure.Message, Does.Contain("resp_foreign"));
        Assert.That(_useCases.Holds, Is.Empty);
    }

    [Test]
    public async Task Generate_WhenTheReplyNamesStoredObjects_KeepsEachOnceForTheCaller()
    {
        Store("resp_1", "resp_1", "", new string('i', StoredObject.MaxIdLength + 1), "conv_2");

        await _useCases.SendAsync(Request);

        Assert.That(
            _kept.Select(each => (each.Id, each.UserId, each.RequestId, each.Provider, each.CreatedAt)),
            Is.EqualTo([
                ("resp_1", Sample.UserId, Request.RequestId, "alpha", Sample.Noon),
                ("conv_2", Sample.UserId, Request.RequestId, "alpha", Sample.Noon)]));
    }

    [Test]
    public async Task Generate_OfAChat_KeepsNothing()
    {
        Store("resp_1");

        await _useCases.SendAsync(Request with { Operation = ModelOperation.Chat });

        Assert.That(_kept, Is.Empty);
    }

    [Test]
    public async Task Generate_WhenTheStoreFails_AnswersAndBooksAllTheSame()
    {
        Store("resp_1");
        _useCases.StoredObjects.Configure().AddAsync(default!, default).ThrowsAsyncForAnyArgs(new InvalidOperationException("no database"));

        var reply = await _useCases.SendAsync(Request);

        Assert.That(reply.CostNanoUsd, Is.EqualTo(20_000));
        Assert.That(_useCases.Settlements.Single().Status, Is.EqualTo(UsageStatus.Settled));
        Assert.That(_useCases.Log.Lines, Has.Some.Contains("could not be kept"));
    }

    [Test]
    public async Task Stream_ThatNamesAStoredObject_KeepsItBeforeTheClientSeesTheName()
    {
        var chunks = new ScriptedChunks([ScriptedChunks.Text("a") with { StoredId = "resp_1" }, ScriptedChunks.Text("b")]);
        _alpha.Configure().GenerateAsync(default!, default).ReturnsForAnyArgs(new ModelReply { Model = "m-default", Chunks = chunks });

        var reply = await _useCases.SendAsync(Request with { Stream = true });
        Assert.That(_kept, Is.Empty);
        await reply.Stream!.MoveNextAsync();
        var seen = _kept.Select(each => each.Id).ToArray();
        await reply.Stream.DisposeAsync();

        Assert.That(seen, Is.EqualTo(["resp_1"]));
        Assert.That(chunks.Disposals, Is.EqualTo(1));
    }

    private void Own(params OwnedObject[] objects) =>
        _useCases.StoredObjects.FindAsync(Sample.UserId, Arg.Any<IReadOnlyCollection<string>>(), Arg.Any<CancellationToken>()).Returns(objects);

    private void Store(params string[] ids) => _alpha.Configure().GenerateAsync(default!, default)
        .ReturnsForAnyArgs(Sample.Reply("m-default") with { StoredIds = ids });
}
