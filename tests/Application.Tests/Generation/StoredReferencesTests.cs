using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Application.StoredResponses;
using AiGateway.Application.Tests.Pipeline;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Generation;

/// <summary>An object that a provider stores belongs to the user who made it. A request that names it is held for reading it again.</summary>
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
        Own(new OwnedObject("resp_1", "alpha", 300, "m-default"), new OwnedObject("conv_2", "alpha", 7, "m-default"));
        long counted = 0;
        _alpha.Configure().EstimateCost(Arg.Do<ModelCall>(call => counted = call.Request.Extras.Tokens)).Returns(new CostEstimate(1, 1, 1));

        await _useCases.SendAsync(Request with { References = ["resp_1", "conv_2"], Extras = new() { Tokens = 5 } });

        Assert.That(counted, Is.EqualTo(312));
    }

    [TestCase(null, "m-default", Description = "its usage is not known")]
    [TestCase(300L, "m-other", Description = "another model may count it otherwise")]
    [TestCase(300L, null, Description = "its record is archived")]
    public async Task Hold_OfARequestThatNamesAnObjectOfUnknownSize_CoversTheContextWindow(long? tokens, string? model)
    {
        Own(new OwnedObject("resp_1", "alpha", tokens, model));
        var isUnbounded = false;
        _alpha.Configure().EstimateCost(Arg.Do<ModelCall>(call => isUnbounded = call.Request.Extras.IsUnbounded)).Returns(new CostEstimate(1, 1, 1));

        await _useCases.SendAsync(Request with { References = ["resp_1"] });

        Assert.That(isUnbounded, Is.True);
    }

    [Test]
    public async Task Hold_OfAnObjectNamedTwice_CoversReadingItTwiceWithOneLookUp()
    {
        Own(new OwnedObject("resp_1", "alpha", 300, "m-default"));
        long counted = 0;
        _alpha.Configure().EstimateCost(Arg.Do<ModelCall>(call => counted = call.Request.Extras.Tokens)).Returns(new CostEstimate(1, 1, 1));

        await _useCases.SendAsync(Request with { References = ["resp_1", "resp_1"] });

        Assert.That(counted, Is.EqualTo(600));
        await _useCases.StoredObjects.Received(1).FindAsync(
            Sample.UserId, Arg.Is<IReadOnlyCollection<string>>(ids => ids.Count == 1), Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Generate_WhenThePreviousResponseIsNotTheCallers_FailsWithItsOwnCode()
    {
        Own();

        var failure = await Assert.ThrowsAsync<AiGatewayException>(
            () => _useCases.SendAsync(Request with { References = ["resp_1"], PreviousResponseId = "resp_1" }));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.PreviousResponseNotFound));
        Assert.That(_useCases.Holds, Is.Empty);
    }

    [Test]
    public async Task Generate_WhenAnItemCarriesTheIdOfAnotherUser_IsNotFoundAndHoldsNothing()
    {
        _useCases.StoredObjects.FindForeignAsync(Sample.UserId, Arg.Any<IReadOnlyCollection<string>>(), Arg.Any<CancellationToken>()).Returns(["rs_2"]);

        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => _useCases.SendAsync(Request with { CarriedIds = ["rs_1", "rs_2"] }));

        Assert.That((failure.Code, _useCases.Holds.Count), Is.EqualTo((ErrorCode.NotFound, 0)));
        Assert.That(failure.Message, Does.Contain("rs_2"));
    }

    [Test]
    public async Task Generate_WhenItNamesAnotherUsersObject_IsNotFoundAndHoldsNothing()
    {
        Own(new OwnedObject("resp_1", "alpha", 300, "m-default"));

        var failure = await Assert.ThrowsAsync<AiGatewayException>(
            () => _useCases.SendAsync(Request with { References = ["resp_1", "resp_foreign"] }));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.NotFound));
        Assert.That(failure.Message, Does.Contain("resp_foreign"));
        Assert.That(_useCases.Holds, Is.Empty);
    }

    [Test]
    public async Task Generate_WhenTheReplyNamesStoredObjects_RecordsEachOnceForTheCaller()
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
    public async Task Generate_OfAChat_RecordsNoStoredObject()
    {
        Store("resp_1");

        await _useCases.SendAsync(Request with { Operation = ModelOperation.Chat });

        Assert.That(_kept, Is.Empty);
    }

    [Test]
    public async Task Generate_WhenTheStoreFails_StillAnswersAndSettles()
    {
        Store("resp_1");
        _useCases.StoredObjects.Configure().AddAsync(default!, default).ThrowsAsyncForAnyArgs(new InvalidOperationException("no database"));

        var reply = await _useCases.SendAsync(Request);

        Assert.That(reply.CostNanoUsd, Is.EqualTo(20_000));
        Assert.That(_useCases.Settlements.Single().Status, Is.EqualTo(UsageStatus.Settled));
        Assert.That(_useCases.Log.Lines, Has.Some.Contains("could not be saved"));
    }

    [Test]
    public async Task Stream_ThatNamesAStoredObject_RecordsItBeforeTheClientSeesTheName()
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
