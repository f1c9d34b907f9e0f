using AiGateway.Application.Administration;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Persistence.Databases;

namespace AiGateway.Infrastructure.Tests.Persistence.Stores;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class QuotaStoreTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task SaveLimits_ConcurrentlyAndAgain_KeepsTheLastValue()
    {
        await using var database = await TestDatabase.CreateAsync(kind, alone: false);
        var (store, user) = await OpenAsync(database);
        Assert.That(await store.FindLimitsAsync(user, None), Is.Null);

        var first = new QuotaLimits(1, 2, 3);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.SaveLimitsAsync(user, first, Actor.Operator, Noon, None))));
        Assert.That(await store.FindLimitsAsync(user, None), Is.EqualTo(first));
        await store.SaveLimitsAsync(user, QuotaLimits.Unlimited, Actor.Operator, Noon, None);

        Assert.That(await store.FindLimitsAsync(user, None), Is.EqualTo(QuotaLimits.Unlimited), "unlimited limits differ from missing limits");
    }

    [Test]
    public async Task ReadUse_WhenSeveralPeriodsAreThere_ReadsTheDayAndMonthOfTheInstant()
    {
        await using var database = await TestDatabase.CreateAsync(kind, alone: false);
        var (store, user) = await OpenAsync(database);
        await using (var context = await database.Contexts.CreateDbContextAsync())
        {
            context.QuotaCounters.AddRange(
                Counter(user, PeriodKind.Day, 14, 1), Counter(user, PeriodKind.Day, 15, 2), Counter(user, PeriodKind.Month, 1, 4),
                new QuotaCounter { UserId = user, Kind = PeriodKind.Day, Start = new DateOnly(2026, 11, 1), Requests = 8 });
            await context.SaveChangesAsync();
        }

        Assert.That(await store.ReadUseAsync(user, Noon, None), Is.EqualTo(new QuotaUse(2, 4, 40, 400)));
        Assert.That(await store.ReadUseAsync(user, Noon.AddDays(3), None), Is.EqualTo(new QuotaUse(0, 4, 40, 400)));
        Assert.That(await store.ReadUseAsync(user, Noon.AddMonths(1), None), Is.EqualTo(new QuotaUse(0, 0, 0, 0)));
    }

    private static QuotaCounter Counter(Guid user, PeriodKind kind, int day, long amount) => new()
    {
        UserId = user,
        Kind = kind,
        Start = new DateOnly(2026, 11, day),
        Requests = amount,
        SettledNanoUsd = amount * 10,
        HeldNanoUsd = amount * 100,
    };

    private static async Task<(QuotaStore Store, Guid User)> OpenAsync(TestDatabase database)
    {
        var user = Guid.CreateVersion7(Noon);
        await new UserStore(database.Contexts).AddAsync(new User { Id = user, Name = "someone", CreatedAt = Noon }, Actor.Operator, None);
        return (new QuotaStore(database.Contexts), user);
    }
}
