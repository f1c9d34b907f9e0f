using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Startup;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Persistence;

/// <summary>Whether the start needs a migration is found out without Entity Framework.</summary>
internal sealed class SchemaCheckTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static (DatabaseKind Kind, DbContext Context)[] Contexts =>
    [
        (DatabaseKind.Sqlite, new DesignTimeSqliteContext().CreateDbContext([])),
        (DatabaseKind.SqlServer, new DesignTimeSqlServerContext().CreateDbContext([])),
        (DatabaseKind.Postgres, new DesignTimePostgresContext().CreateDbContext([])),
    ];

    [Test]
    public void MigrationsOf_EachEngine_AreThoseOfEntityFramework()
    {
        foreach (var (kind, context) in Contexts)
        {
            using (context) Assert.That(SchemaCheck.MigrationsOf(kind), Is.EquivalentTo(context.Database.GetMigrations()), $"{kind}");
        }
    }

    [TestCase(DatabaseKind.Sqlite)]
    [TestCase(DatabaseKind.Postgres)]
    public async Task IsCurrent_OnAMigratedDatabase_IsTrue(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);

        Assert.That(await SchemaCheck.IsCurrentAsync(database.Contexts, kind, None), Is.True);
    }

    [TestCase("""DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = (SELECT max("MigrationId") FROM "__EFMigrationsHistory")""", false)]
    [TestCase("""DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = (SELECT min("MigrationId") FROM "__EFMigrationsHistory")""", false)]
    [TestCase("""INSERT INTO "__EFMigrationsHistory" VALUES ('29991231000000_OfALaterBuild', '10.0.0')""", true)]
    public async Task IsCurrent_WhenTheHistoryDiffers_IsTrueWithAllMigrationsOfTheBuild(string change, bool expected)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.TamperAsync(change);

        Assert.That(await SchemaCheck.IsCurrentAsync(database.Contexts, DatabaseKind.Sqlite, None), Is.EqualTo(expected));
    }

    [Test]
    public async Task IsCurrent_WithoutAHistory_IsFalse()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.TamperAsync("""DELETE FROM "__EFMigrationsHistory"; DROP TABLE "__EFMigrationsHistory" """);

        Assert.That(await SchemaCheck.IsCurrentAsync(database.Contexts, DatabaseKind.Sqlite, None), Is.False);
    }
}
