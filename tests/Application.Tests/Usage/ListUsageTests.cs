using AiGateway.Application.Usage;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Usage;

public sealed class ListUsageTests : IDisposable
{
    private static readonly ListUsage Query = new(Sample.UserId, new UsageSelection(), null, 2);

    private readonly UseCases _useCases = new();

    public ListUsageTests() => _useCases.Reports.ListAsync(default!, default).ReturnsForAnyArgs([]);

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task List_Filters_ArePassedToTheLedgerWithALimitOneHigher()
    {
        var (from, to) = (Sample.Noon.AddDays(-1), Sample.Noon);

        await _useCases.SendAsync(Query with { Records = new() { From = from, To = to, Model = "m-default", Status = UsageStatus.Unknown, Failed = true } });

        await _useCases.Reports.Received(1).ListAsync(
            new UsageFilter(
                new UsageSelection { UserId = Sample.UserId, From = from, To = to, Model = "m-default", Status = UsageStatus.Unknown, Failed = true }, null, 3),
            Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task List_OfAnotherUser_HasOnlyTheUsersOwn()
    {
        await _useCases.SendAsync(Query with { Records = new() { UserId = Guid.AllBitsSet } });

        await _useCases.Reports.Received(1).ListAsync(
            Arg.Is<UsageFilter>(filter => filter.Records.UserId == Sample.UserId), Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task List_WhenThereAreMore_ContinuesAfterTheLastRecordOfThePage()
    {
        UsageRecord[] records = [Record(3), Record(2), Record(1)];
        _useCases.Reports.ListAsync(default!, default).ReturnsForAnyArgs(records);

        var first = await _useCases.SendAsync(Query);
        await _useCases.SendAsync(Query with { Cursor = first.Next });

        Assert.That(first.Items, Is.EqualTo([records[0], records[1]]));
        await _useCases.Reports.Received(1).ListAsync(
            Arg.Is<UsageFilter>(filter => filter.Before == new UsageCursor(records[1].CreatedAt, records[1].Id)), Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task List_OnTheLastPage_HasNoNextPage()
    {
        _useCases.Reports.ListAsync(default!, default).ReturnsForAnyArgs([Record(2), Record(1)]);

        var page = await _useCases.SendAsync(Query);

        Assert.That(page.Items, Has.Count.EqualTo(2));
        Assert.That(page.Next, Is.Null);
    }

    [TestCase("")]
    [TestCase("not a cursor")]
    public async Task List_WithABadCursor_IsRefused(string cursor) => await AssertFaultAsync(Query with { Cursor = cursor }, "next");

    [TestCase(0)]
    [TestCase(201)]
    [TestCase(int.MaxValue)]
    public async Task List_WithABadPageSize_IsRefused(int limit) => await AssertFaultAsync(Query with { Limit = limit }, "limit");

    [TestCase(1)]
    [TestCase(200)]
    public async Task List_WithAGoodPageSize_IsTaken(int limit) => await AssertFaultAsync(Query with { Limit = limit });

    [Test]
    public async Task List_WithABadModel_IsRefused() => await AssertFaultAsync(Query with { Records = new() { Model = "\0" } }, "model");

    [Test]
    public async Task List_WithAnEndBeforeItsStart_IsRefused() =>
        await AssertFaultAsync(Query with { Records = new() { From = Sample.Noon, To = Sample.Noon } }, "to");

    [Test]
    public async Task List_WithOnlyAnEnd_IsTaken() => await AssertFaultAsync(Query with { Records = new() { To = Sample.Noon } });

    [Test]
    public async Task List_WithOnlyAStart_IsTaken() => await AssertFaultAsync(Query with { Records = new() { From = Sample.Noon } });

    private async Task AssertFaultAsync(ListUsage query, params string[] fields)
    {
        var faults = await _useCases.FaultsOfAsync(query);

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(fields));
    }

    private static UsageRecord Record(int minute) => new()
    {
        Id = Guid.Parse($"0193a000-0000-7000-8000-00000000000{minute}"),
        UserId = Sample.UserId,
        CreatedAt = Sample.Noon.AddMinutes(minute),
        Day = new(2026, 11, 22),
        Month = new(2026, 11, 1),
        Operation = ModelOperation.Chat,
        RequestedModel = "m-default",
        Model = "m-default",
        Provider = "alpha",
        PriceVersion = "prices-7",
    };
}
