using AiGateway.Application;
using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using AiGateway.Application.Health;
using AiGateway.Application.Ledger;
using AiGateway.Application.Quotas;
using AiGateway.Application.Usage;
using AiGateway.Application.Users;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Sql;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Ledger.Sql.Sqlite;
using AiGateway.Infrastructure.Ledger.Sql.SqlServer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Startup;
using AiGateway.Infrastructure.Tests.Ledger;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiGateway.Infrastructure.Tests;

internal sealed class PersistenceServicesTests
{
    [TestCaseSource(typeof(TestDatabase), nameof(TestDatabase.Kinds))]
    public async Task Host_WhenStartedOnTheDatabase_WritesTheLedgerThroughThePorts(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        using var host = NewHost(database.Settings);
        var made = await host.Services.StartDatabaseAsync("the-operators-key", isDevelopment: false, CancellationToken.None);
        await host.StartAsync();

        var caller = (await host.Services.GetRequiredService<ICallerDirectory>()
            .FindByKeyAsync("the-operators-key", null, CancellationToken.None))!;
        var ledger = host.Services.GetRequiredService<ILedger>();
        var id = Guid.CreateVersion7(TestLedger.Noon);
        await ledger.HoldAsync(
            new()
            {
                RequestId = id,
                UserId = caller.UserId,
                ApiKeyId = caller.ApiKeyId,
                At = TestLedger.Noon,
                Operation = ModelOperation.Chat,
                RequestedModel = "model",
                Model = "model",
                Provider = "openai",
                Streamed = true,
                EndUser = null,
                PromptTokens = 1,
                MaxCompletionTokens = 2,
                HeldNanoUsd = 10,
                HeldTokens = 33,
                PriceVersion = "prices-1",
            },
            CancellationToken.None);
        await ledger.SettleAsync(TestLedger.Settled(id, 4));
        await host.StopAsync();

        Assert.That(caller.UserId, Is.EqualTo(made!.UserId));
        var record = (await host.Services.GetRequiredService<IUsageReports>().ListAsync(new(new() { UserId = caller.UserId }, null, 5), CancellationToken.None)).Single();
        Assert.That(
            (record.Id, record.ApiKeyId, record.Streamed, record.CostNanoUsd), Is.EqualTo((id, caller.ApiKeyId, true, 4)));
        Assert.That((await ledger.VerifyAsync(CancellationToken.None)).Balanced, Is.True);
    }

    [Test]
    public async Task StartDatabase_WhenItIsNew_MigratesItOnlyWhereConfigured()
    {
        var folder = Directory.CreateTempSubdirectory("aigateway-").FullName;
        var settings = new DatabaseSettings
        {
            ConnectionString = $"Data Source={Path.Combine(folder, "new.db")};Pooling=False",
            MigrateAtStart = false,
        };
        using var host = NewHost(settings);
        await Assert.ThatAsync(
            () => host.Services.StartDatabaseAsync(null, isDevelopment: false, CancellationToken.None), Throws.Exception);

        await host.Services.MigrateDatabaseAsync(CancellationToken.None);

        var made = await host.Services.StartDatabaseAsync(null, isDevelopment: false, CancellationToken.None);
        Assert.That(made!.Secret, Does.StartWith("agw_"));
        Directory.Delete(folder, recursive: true);
    }

    [TestCase(DatabaseKind.Sqlite, typeof(SqliteLedgerDialect))]
    [TestCase(DatabaseKind.Postgres, typeof(PostgresLedgerDialect))]
    [TestCase(DatabaseKind.SqlServer, typeof(SqlServerLedgerDialect))]
    public void Services_OfEachEngine_ResolveWithoutADatabase(DatabaseKind kind, Type dialect)
    {
        using var host = NewHost(new DatabaseSettings { Kind = kind, ConnectionString = "" });
        Type[] ports =
        [
            typeof(ILedger), typeof(IUserStore), typeof(IApiKeyStore), typeof(IQuotaStore), typeof(IProviderStore),
            typeof(IUsageReports), typeof(ITeamMembers), typeof(IUserErasure), typeof(IAuditLog), typeof(IDatabaseProbe), typeof(IApiKeySecrets), typeof(ICallerDirectory),
        ];

        foreach (var port in ports) Assert.That(host.Services.GetRequiredService(port), Is.Not.Null);
        Assert.That(host.Services.GetRequiredService<ILedgerDialect>(), Is.TypeOf(dialect));
    }

    private static IHost NewHost(DatabaseSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging().AddSingleton(TimeProvider.System)
            .AddSingleton(new GatewayDefaults { Model = "model", MaxTokens = 10, Limits = QuotaLimits.Unlimited })
            .AddPersistence(settings)
            .AddLedger(new LedgerSettings());
        return builder.Build();
    }
}
