using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Admin;

/// <summary>Two gateways that share a database write one audit log.</summary>
internal sealed class AuditReplicaTests
{
    [Test]
    public async Task Changes_ThroughTwoGatewaysAtOnce_FormOneUnbrokenChain()
    {
        using var server = PostgresServer.TryStart();
        if (server is null) Assert.Ignore("PostgreSQL is not installed on this machine.");
        (string, string)[] settings =
            [("Database:Provider", "Postgres"), ("ConnectionStrings:Gateway", server.ConnectionString("gateway") + ";Maximum Pool Size=20")];
        await using var one = await GatewayHost.StartAsync(null, settings);
        await using var other = await GatewayHost.StartAsync(null, settings);
        var user = (await one.CreateUserAsync()).Id;
        var before = (await one.Admin.VerifyAsync()).GetProperty("audit").GetProperty("rows").GetInt64();

        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => (i % 2 == 0 ? one : other).Admin.SetQuotaAsync(user, daily: i)));

        var audit = (await other.Admin.VerifyAsync()).GetProperty("audit");
        Assert.That(audit.GetProperty("unbroken").GetBoolean(), Is.True);
        Assert.That(audit.GetProperty("rows").GetInt64(), Is.EqualTo(before + 20));
        Assert.That(audit.GetProperty("head").GetProperty("sequence").GetInt64(), Is.EqualTo(before + 20));
        Assert.That(audit.GetProperty("head").GetProperty("hash").GetString(), Has.Length.EqualTo(64));
    }
}
