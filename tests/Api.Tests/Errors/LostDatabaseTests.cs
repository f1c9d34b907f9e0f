using System.Net.Sockets;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Users;
using AiGateway.Domain;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace AiGateway.Api.Tests.Errors;

/// <summary>What a caller is told when a port fails because its database is out of reach.</summary>
internal sealed class LostDatabaseTests
{
    [Test]
    public async Task Request_WhenTheDriverLostItsConnection_Is503()
    {
        var users = Substitute.For<IUserStore>();
        users.ListAsync(default!, default)
            .ThrowsAsyncForAnyArgs(new NpgsqlException("Exception while reading from stream", new SocketException((int)SocketError.ConnectionReset)));
        await using var gateway = await GatewayHost.StartChangedAsync(services => services.AddSingleton(users));

        var reply = await gateway.Admin.GetAsync("/api/v1/admin/users");

        reply.Expect(503, "ledger_unavailable");
        Assert.That(reply.Json.GetProperty("detail").GetString(), Is.EqualTo(new LedgerUnavailableException().Message));
        Assert.That(reply.Header("Retry-After"), Does.Match("^[1-5]$"));
    }
}
