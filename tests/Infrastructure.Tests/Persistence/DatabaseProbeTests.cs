using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using AiGateway.Infrastructure.Tests.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace AiGateway.Infrastructure.Tests.Persistence;

internal sealed class DatabaseProbeTests
{
    [Test]
    public async Task Check_WhenTheDatabaseAnswers_IsHealthy()
    {
        await using var database = await TestDatabase.CreateAsync();
        var status = await NewProbe(database.Contexts).CheckAsync(CancellationToken.None);

        Assert.That((status.Name, status.State, status.Problem), Is.EqualTo(("database", HealthState.Healthy, (string?)null)));
    }

    [Test]
    public async Task Check_WhenTheDatabaseIsOutOfReach_IsUnhealthyWithoutASecret()
    {
        var settings = new DatabaseSettings
        {
            Kind = DatabaseKind.Postgres,
            ConnectionString = "Host=127.0.0.1;Port=1;Username=canary-user;Password=canary-secret",
        };
        var probe = NewProbe(new GatewayContextFactory(settings, new SqliteFile(settings), NullLoggerFactory.Instance));
        var status = await probe.CheckAsync(CancellationToken.None);

        Assert.That(status.State, Is.EqualTo(HealthState.Unhealthy));
        Assert.That(status.Problem, Is.EqualTo("The database does not answer."));
    }

    [Test]
    public async Task Check_WhileTheDatabaseStaysOutOfReach_LogsTheStackTraceOnce()
    {
        var contexts = Substitute.For<IDbContextFactory<GatewayContext>>();
        contexts.CreateDbContextAsync(Arg.Any<CancellationToken>()).Returns<GatewayContext>(_ => throw new IOException("It is gone."));
        var log = new CapturedLog<DatabaseProbe>();
        var probe = new DatabaseProbe(contexts, TimeProvider.System, log);
        for (var checks = 0; checks < 3; checks++) await probe.CheckAsync(CancellationToken.None);

        Assert.That(log.Lines.Select(line => line.Contains("System.IO.IOException", StringComparison.Ordinal)), Is.EqualTo((bool[])[true, false, false]));
        Assert.That(log.Lines[^1], Does.EndWith("still does not answer: It is gone."));
    }

    [Test]
    public async Task Check_WhenTheDatabaseHangs_IsUnhealthyInBoundedTime()
    {
        using var release = new ManualResetEventSlim();
        var contexts = Substitute.For<IDbContextFactory<GatewayContext>>();
        contexts.CreateDbContextAsync(Arg.Any<CancellationToken>()).Returns<GatewayContext>(_ =>
        {
            release.Wait(TimeSpan.FromSeconds(60));
            throw new IOException();
        });
        var status = await NewProbe(contexts).CheckAsync(CancellationToken.None);
        release.Set();

        Assert.That(status.Problem, Is.EqualTo("The database does not answer in time."));
    }

    [Test]
    public async Task Check_WhenTheCallerGivesUp_DoesNotThrow()
    {
        await using var database = await TestDatabase.CreateAsync();
        var status = await NewProbe(database.Contexts).CheckAsync(new CancellationToken(canceled: true));

        Assert.That(status.State, Is.EqualTo(HealthState.Unhealthy));
    }

    private static DatabaseProbe NewProbe(IDbContextFactory<GatewayContext> contexts) =>
        new(contexts, TimeProvider.System, NullLogger<DatabaseProbe>.Instance);
}
