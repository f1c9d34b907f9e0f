using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.PriceBooks;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using AiGateway.Infrastructure.Tests.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Persistence.Stores;

/// <summary>The database keeps each version of the price book that a gateway ran with.</summary>
internal sealed class PriceHistoryTests
{
    private const int Gateways = 8;
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly PriceBook Book = PriceBook.Load(null);

    [TestCaseSource(typeof(TestDatabase), nameof(TestDatabase.Kinds))]
    public async Task Find_OfAStoredVersion_ReturnsEveryRow(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var history = NewHistory(database.Contexts);
        Assert.That(await history.FindAsync(Book.Version, None), Is.Null);

        await NewKeeper(database.Contexts, Noon).KeepAsync(None);

        var rows = (await history.FindAsync(Book.Version, None))!;
        Assert.That(Text(rows.Models), Is.EqualTo(Text(Book.Models)));
        Assert.That(rows.FindPriced("openai", "gpt-4o-2024-11-20"), Is.Not.Null);
        Assert.That(await history.FindAsync("another", None), Is.Null);
    }

    [TestCaseSource(typeof(TestDatabase), nameof(TestDatabase.Kinds))]
    public async Task Keep_BySeveralGatewaysAtOnce_StoresOneRow(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);

        await Task.WhenAll(Enumerable.Range(0, Gateways).Select(_ => Task.Run(() => NewKeeper(database.Contexts, Noon).KeepAsync(None))));

        Assert.That(await FirstUsesAsync(database), Is.EqualTo([Noon]));
    }

    [Test]
    public async Task Keep_OfAStoredVersion_ChangesNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await NewKeeper(database.Contexts, Noon).KeepAsync(None);

        await NewKeeper(database.Contexts, Noon.AddDays(1)).KeepAsync(None);

        Assert.That(await FirstUsesAsync(database), Is.EqualTo([Noon]));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("""{"models":[{"model":"m"}]}""")]
    public async Task Find_OfAMalformedContent_IsNullWithAWarningUntilItIsRepaired(string content)
    {
        await using var database = await TestDatabase.CreateAsync();
        await NewKeeper(database.Contexts, Noon).KeepAsync(None);
        await SetContentAsync(database, content);
        var log = new CapturedLog<PriceHistory>();
        var history = NewHistory(database.Contexts, log);

        Assert.That(await history.FindAsync(Book.Version, None), Is.Null);

        Assert.That(log.Lines, Is.EqualTo([log.Lines[0]]));
        Assert.That(log.Lines[0], Does.StartWith("Warning").And.Contain(Book.Version));
        await SetContentAsync(database, PriceFileText.Write(new PriceFile(Book.Models, Book.CheckedOn)));
        Assert.That(await history.FindAsync(Book.Version, None), Is.Not.Null);
    }

    [Test]
    public async Task Find_OfAVersionThatWasRead_DoesNotReadItAgain()
    {
        await using var database = await TestDatabase.CreateAsync();
        await NewKeeper(database.Contexts, Noon).KeepAsync(None);
        var history = NewHistory(database.Contexts);
        var first = await history.FindAsync(Book.Version, None);

        await database.TamperAsync("DELETE FROM price_books");

        Assert.That(await history.FindAsync(Book.Version, None), Is.Not.Null.And.SameAs(first));
    }

    [Test]
    public async Task Keeper_WhileTheDatabaseFails_WarnsOnceAndTriesAgain()
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = new CapturedLog<PriceKeeper>();
        var clock = new FakeTimeProvider(Noon);
        using var keeper = new PriceKeeper(new FailingContexts(database.Contexts, failures: 3), Book, clock, log);

        await keeper.StartAsync(None);
        while (!keeper.ExecuteTask!.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.That(keeper.ExecuteTask.IsCompletedSuccessfully, Is.True);
        Assert.That(await FirstUsesAsync(database), Has.Count.EqualTo(1));
        Assert.That(log.Lines, Has.Count.EqualTo(1));
        Assert.That(log.Lines[0], Does.StartWith("Warning The price book could not be stored").And.Contain(nameof(IOException)));
    }

    private static string Text(IReadOnlyList<PricedModel> models) => PriceFileText.Write(new PriceFile(models, Book.CheckedOn));

    private static PriceKeeper NewKeeper(IDbContextFactory<GatewayContext> contexts, DateTimeOffset now) =>
        new(contexts, Book, new TestClock(now), NullLogger<PriceKeeper>.Instance);

    private static PriceHistory NewHistory(IDbContextFactory<GatewayContext> contexts, ILogger<PriceHistory>? log = null) =>
        new(contexts, log ?? NullLogger<PriceHistory>.Instance);

    private static async Task<List<DateTimeOffset>> FirstUsesAsync(TestDatabase database)
    {
        await using var context = await database.Contexts.CreateDbContextAsync();
        return await context.PriceBooks.Where(kept => kept.Version == Book.Version).Select(kept => kept.FirstUsedAt).ToListAsync();
    }

    private static async Task SetContentAsync(TestDatabase database, string content)
    {
        await using var context = await database.Contexts.CreateDbContextAsync();
        Assert.That(await context.PriceBooks.ExecuteUpdateAsync(set => set.SetProperty(kept => kept.Content, content)), Is.EqualTo(1));
    }

    private sealed class FailingContexts(IDbContextFactory<GatewayContext> real, int failures) : IDbContextFactory<GatewayContext>
    {
        private int _count;

        public GatewayContext CreateDbContext() => ++_count <= failures ? throw new IOException("It is gone.") : real.CreateDbContext();
    }
}
