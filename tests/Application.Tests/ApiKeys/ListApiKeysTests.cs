using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.ApiKeys;

public sealed class ListApiKeysTests
{
    [Test]
    public async Task List_WhenThereAreMore_NamesTheLastKeyOfThePage()
    {
        using var useCases = new UseCases();
        ApiKey[] keys = [Key(1), Key(2), Key(3)];
        useCases.Keys.ListAsync(new KeyFilter(AdminReach.Everything, Sample.UserId, keys[0].Id, 3), Arg.Any<CancellationToken>()).Returns(keys);

        var page = await useCases.SendAsync(new ListApiKeys(Sample.Actor, Sample.UserId, null, keys[0].Id, 2));

        Assert.That(page.Items, Is.EqualTo([keys[0], keys[1]]));
        Assert.That(page.Next, Is.EqualTo(keys[1].Id));
    }

    [TestCase(0)]
    [TestCase(201)]
    public async Task List_WhenThePageSizeIsOutOfBounds_IsRefused(int limit)
    {
        using var useCases = new UseCases();

        var faults = await useCases.FaultsOfAsync(new ListApiKeys(Sample.Actor, null, null, null, limit));

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(["limit"]));
    }

    private static ApiKey Key(int number) => new()
    {
        Id = Guid.Parse($"0193a000-0000-7000-8000-00000000000{number}"),
        UserId = Sample.UserId,
        Name = "CI",
        Prefix = "agw_",
        Hash = [],
        Scopes = Scopes.Generate,
        CreatedAt = Sample.Noon,
    };
}
