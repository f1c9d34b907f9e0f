using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Users;

public sealed class UserTests : IDisposable
{
    private static readonly User Ada = new() { Id = Sample.UserId, Name = "Ada", CreatedAt = Sample.Noon };

    private readonly UseCases _useCases = new();

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Create_AUser_StoresItUnderAnIdOrderedByTime()
    {
        var user = await _useCases.SendAsync(new CreateUser(Sample.Actor, "Ada"));

        Assert.That((user.Name, user.CreatedAt, user.Disabled, user.ExternalId), Is.EqualTo(("Ada", Sample.Noon, false, (string?)null)));
        Assert.That(user.Id.Version, Is.EqualTo(7));
        await _useCases.Users.Received(1).AddAsync(user, Sample.Actor, Arg.Any<CancellationToken>());
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    [TestCase("\0")]
    [TestCase("a\r\nb")]
    [TestCase("\u001b[31mred")]
    [TestCase("\u009b31mred")]
    public async Task Create_WithoutAValidName_IsRefused(string? name)
    {
        var faults = await _useCases.FaultsOfAsync(new CreateUser(Sample.Actor, name));

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(["name"]));
    }

    [TestCase(200, true)]
    [TestCase(201, false)]
    public async Task Name_OfAUser_HasAtMost200Characters(int length, bool isTaken)
    {
        var name = new string('n', length);
        string[] expected = isTaken ? [] : ["name"];

        var created = await _useCases.FaultsOfAsync(new CreateUser(Sample.Actor, name));
        var renamed = await _useCases.FaultsOfAsync(new UpdateUser(Sample.Actor, Sample.UserId, name, null));

        Assert.That(created.Select(fault => fault.Field), Is.EqualTo(expected));
        Assert.That(renamed.Select(fault => fault.Field), Is.EqualTo(expected));
    }

    [Test]
    public async Task Get_AKnownUser_ReturnsIt()
    {
        _useCases.Users.FindAsync(Sample.UserId, Arg.Any<CancellationToken>()).Returns(Ada);

        Assert.That(await _useCases.SendAsync(new GetUser(Sample.Actor, Sample.UserId)), Is.SameAs(Ada));
    }

    [Test]
    public async Task Get_AnUnknownUser_IsNotFoundByItsId()
    {
        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => _useCases.SendAsync(new GetUser(Sample.Actor, Sample.UserId)));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.NotFound));
        Assert.That(failure.Message, Does.Contain(Sample.UserId.ToString()));
    }

    [Test]
    public async Task Update_AKnownUser_TakesEffectHereAtOnce()
    {
        _useCases.Users.UpdateAsync(Sample.UserId, null, true, Sample.Actor, Sample.Noon, Arg.Any<CancellationToken>()).Returns(Ada);

        var user = await _useCases.SendAsync(new UpdateUser(Sample.Actor, Sample.UserId, null, true));

        Assert.That(user, Is.SameAs(Ada));
        _useCases.Callers.Received(1).Forget();
    }

    [Test]
    public async Task Update_AnUnknownUser_IsNotFound()
    {
        _useCases.Users.UpdateAsync(default, default, default, default!, default, default).ReturnsForAnyArgs((User?)null);

        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => _useCases.SendAsync(new UpdateUser(Sample.Actor, Sample.UserId, "Eve", null)));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.NotFound));
        _useCases.Callers.DidNotReceive().Forget();
    }

    [Test]
    public async Task List_WhenThereAreMore_NamesTheLastUserOfThePage()
    {
        _useCases.Users.ListAsync(new UserFilter(AdminReach.Everything, null, 2), Arg.Any<CancellationToken>()).Returns([Ada, Ada]);

        var page = await _useCases.SendAsync(new ListUsers(Sample.Actor, null, null, 1));

        Assert.That(page.Items, Is.EqualTo([Ada]));
        Assert.That(page.Next, Is.EqualTo(Ada.Id));
    }

    [Test]
    public async Task List_WithABadPageSize_IsRefused()
    {
        var faults = await _useCases.FaultsOfAsync(new ListUsers(Sample.Actor, null, null, 0));

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(["limit"]));
    }
}
