using AiGateway.Application.StoredResponses;
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
    public async Task Ask_ForTheCallersOwn_PassesTheProvidersJsonOn()
    {
        Own("resp_1", "keeper");

        var reply = await _useCases.SendAsync(Query);

        Assert.That(reply.ToArray(), Is.EqualTo(Json));
        await _keeper.Received(1).AskAsync(Query, Arg.Any<CancellationToken>());
        await _useCases.StoredObjects.DidNotReceiveWithAnyArgs().RemoveAsync(default, default!, default);
    }

    [Test]
    public async Task Ask_ForAnotherUsersResponse_IsNotFoundAndReachesNoProvider() => await AssertMissingAsync(Query);

    [Test]
    public async Task Ask_WhenItsProviderStoresNoResponses_IsNotFound()
    {
        Own("resp_1", "alpha");

        await AssertMissingAsync(Query);
    }

    [TestCase("../models")]
    [TestCase("resp_1/../x")]
    [TestCase("resp%2f1")]
    [TestCase("resp_1?x=1")]
    [TestCase("r\u00e9sp")]
    public async Task Ask_WithAMalformedId_IsNotFoundWithoutALookUp(string id)
    {
        Own(id, "keeper");

        await AssertMissingAsync(Query with { Id = id });

        await _useCases.StoredObjects.DidNotReceiveWithAnyArgs().FindAsync(default, default!, default);
    }

    [Test]
    public async Task Ask_ToDelete_RemovesTheRowAfterTheProviderDeleted()
    {
        Own("resp_1", "keeper");

        await _useCases.SendAsync(Query with { Action = StoredResponseAction.Delete, Query = "" });

        await _useCases.StoredObjects.Received(1).RemoveAsync(Sample.UserId, "resp_1", Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Ask_ToDelete_WhenTheProviderFails_KeepsTheRow()
    {
        Own("resp_1", "keeper");
        _keeper.AskAsync(default!, default).ThrowsAsyncForAnyArgs(Sample.Failure(ErrorCode.ProviderFailed));

        await Assert.ThrowsAsync<ProviderException>(() => _useCases.SendAsync(Query with { Action = StoredResponseAction.Delete, Query = "" }));

        await _useCases.StoredObjects.DidNotReceiveWithAnyArgs().RemoveAsync(default, default!, default);
    }

    [Test]
    public async Task Ask_ToDelete_WhenTheLedgerFailsAfterTheProvider_DoesNotSayThatNothingWasSent()
    {
        Own("resp_1", "keeper");
        _useCases.StoredObjects.RemoveAsync(default, default!, default).ThrowsAsyncForAnyArgs(new LedgerUnavailableException());

        var failure = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => _useCases.SendAsync(Query with { Action = StoredResponseAction.Delete, Query = "" }));

        Assert.That(failure.Message, Does.Contain("The provider carried out the request").And.Not.Contain("not sent"));
    }

    [TestCase(2000, true)]
    [TestCase(2001, false)]
    public async Task Ask_Query_HasAtMost2000Characters(int length, bool isTaken)
    {
        var faults = await _useCases.FaultsOfAsync(Query with { Query = "?include=".PadRight(length, 'q') });

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(isTaken ? Array.Empty<string>() : ["query"]));
    }

    [TestCase("?stream=true")]
    [TestCase("?stream=TRUE")]
    [TestCase("?stream=%74rue")]
    [TestCase("?%73tream=true")]
    [TestCase("?stream=1")]
    [TestCase("?stream")]
    [TestCase("?stream=false&stream=true")]
    [TestCase("?include=a&&stream=tru%65&starting_after=1")]
    public async Task Ask_ForAStream_IsRefusedAndTheParameterIsNamed(string query)
    {
        var faults = await _useCases.FaultsOfAsync(Query with { Query = query });

        Assert.That(faults.Select(fault => (fault.Field, fault.Message)), Is.EqualTo(
            [("stream", "is not supported for stored responses: leave it out and read the whole response")]));
    }

    [TestCase(StoredResponseAction.Get, "?Stream=true", "stream")]
    [TestCase(StoredResponseAction.Get, "?api_key=x&include=a&limit=2", "api_key", "limit")]
    [TestCase(StoredResponseAction.Get, "?include=a;stream=true&%26stream=true", "&stream")]
    [TestCase(StoredResponseAction.InputItems, "?stream=true", "stream")]
    [TestCase(StoredResponseAction.Delete, "?include=a", "include")]
    [TestCase(StoredResponseAction.Cancel, "?starting_after=1", "starting_after")]
    public async Task Ask_WithAnUnknownParameter_IsRefusedAndTheParameterIsNamed(StoredResponseAction action, string query, params string[] fields)
    {
        var faults = await _useCases.FaultsOfAsync(Query with { Action = action, Query = query });

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(fields));
    }

    [Test]
    public async Task Ask_WithManyUnknownParameters_NamesTheFirstTen()
    {
        var query = "?" + string.Join('&', Enumerable.Range(0, 300).Select(i => $"p{i}"));

        var faults = await _useCases.FaultsOfAsync(Query with { Query = query });

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(Enumerable.Range(0, 10).Select(i => $"p{i}")));
    }

    [TestCase(StoredResponseAction.Get, "", "")]
    [TestCase(StoredResponseAction.Get, "?", "")]
    [TestCase(StoredResponseAction.Get, "?stream=False", "?stream=False")]
    [TestCase(StoredResponseAction.Get, "?include[]=a&include%5B%5D=b+c&starting_after=3", "?include[]=a&include[]=b%20c&starting_after=3")]
    [TestCase(StoredResponseAction.Get, "?include=a;stream=true", "?include=a%3Bstream%3Dtrue")]
    [TestCase(StoredResponseAction.Get, "?include=a%26stream%3Dtrue%23", "?include=a%26stream%3Dtrue%23")]
    [TestCase(StoredResponseAction.InputItems, "?limit=2&order=asc&after=i&before=j&include", "?limit=2&order=asc&after=i&before=j&include=")]
    public async Task Ask_WithKnownParameters_PassesThemOnAsRead(StoredResponseAction action, string query, string passedOn)
    {
        Own("resp_1", "keeper");

        await _useCases.SendAsync(Query with { Action = action, Query = query });

        await _keeper.Received(1).AskAsync(Query with { Action = action, Query = passedOn }, Arg.Any<CancellationToken>());
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
