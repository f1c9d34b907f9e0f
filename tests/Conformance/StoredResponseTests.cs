using AiGateway.Conformance.Tests.Hosting;
using AiGateway.Domain;

namespace AiGateway.Conformance.Tests;

/// <summary>A stored response belongs to the caller who made it. Reading it again costs nothing.</summary>
internal sealed class StoredResponseTests
{
    private StandInGateway _stage = null!;
    private ApiTarget _other = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _stage = await StandInGateway.StartAsync();
        _other = _stage.Gateway with { Key = await _stage.Ledger.CreateKeyAsync([Scopes.Generate]) };
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("responseRetrieve")]
    [TestCase("responseDelete")]
    [TestCase("responseCancel")]
    public async Task Response_OfAnotherCaller_IsNotFoundWithoutACallOfTheProvider(string scenario)
    {
        var id = await MakeAsync();
        var asked = _stage.StandIn.Requests.Count;

        var foreign = await Sdk.Js.RunAsync(scenario, _other, new { id });

        Assert.That(foreign.Error, Has.Property("Name").EqualTo("NotFoundError").And.Property("Status").EqualTo(404));
        Assert.That((foreign.Tries, _stage.StandIn.Requests.Count), Is.EqualTo((1, asked)));
        Assert.That((await Sdk.Js.RunAsync("responseRetrieve", _stage.Gateway, new { id })).Error, Is.Null, "the caller who made it still finds it");
    }

    [Test]
    public async Task PreviousResponse_OfAnotherCaller_IsRefusedInOpenAisForm()
    {
        var id = await MakeAsync();
        var asked = _stage.StandIn.Requests.Count;

        var foreign = await Sdk.Js.RunAsync("responseGoOn", _other, new { id });
        var unknown = await Sdk.Js.RunAsync("responseGoOn", _other, new { id = "resp_nobodys" });

        foreach (var refused in new[] { foreign, unknown })
        {
            Assert.That(refused.Error, Has.Property("Name").EqualTo("BadRequestError").And.Property("Param").EqualTo("previous_response_id"));
            Assert.That(refused.Error, Has.Property("Code").EqualTo("previous_response_not_found"));
        }

        Assert.That(_stage.StandIn.Requests.Count, Is.EqualTo(asked));
    }

    [Test]
    public async Task Response_ReadDeletedAndCancelled_IsFreeOfCharge()
    {
        var id = await MakeAsync();
        var rows = (await _stage.Ledger.SettledRowsAsync()).Count;

        await Sdk.Js.RunAsync("responseRetrieve", _stage.Gateway, new { id });
        await Sdk.Js.RunAsync("responseCancel", _stage.Gateway, new { id });
        await Sdk.Js.RunAsync("responseDelete", _stage.Gateway, new { id });

        Assert.That(await _stage.Ledger.SettledRowsAsync(), Has.Count.EqualTo(rows));
    }

    [Test]
    public async Task Response_StreamedAndStored_CanBeReadByItsCallerAlone()
    {
        var events = (await Sdk.Js.RunAsync("responseStreamed", _stage.Gateway)).Value;
        var id = events[0].GetProperty("response").GetProperty("id").GetString();

        Assert.That((await Sdk.Js.RunAsync("responseRetrieve", _stage.Gateway, new { id })).Error, Is.Null);
        Assert.That((await Sdk.Js.RunAsync("responseRetrieve", _other, new { id })).Error!.Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Response_InTheBackground_IsRefusedByName()
    {
        var asked = _stage.StandIn.Requests.Count;

        var refused = await Sdk.Js.RunAsync("responseBackground", _stage.Gateway);

        Assert.That(refused.Error, Has.Property("Name").EqualTo("BadRequestError").And.Property("Param").EqualTo("background"));
        Assert.That(_stage.StandIn.Requests.Count, Is.EqualTo(asked));
    }

    private async Task<string> MakeAsync() =>
        (await Sdk.Js.RunAsync("responseMake", _stage.Gateway)).Value.GetProperty("id").GetString()!;
}
