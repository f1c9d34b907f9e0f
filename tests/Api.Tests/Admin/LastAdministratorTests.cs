using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using AiGateway.Application.Users;
using AiGateway.Domain;
using AiGateway.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Admin;

/// <summary>One working administrator key always remains: on SQLite with one gateway, on PostgreSQL with two that share a database.</summary>
[TestFixture("Sqlite")]
[TestFixture("Postgres")]
internal sealed class LastAdministratorTests(string engine)
{
    private const string Users = "/api/v1/admin/users";
    private const string Keys = "/api/v1/admin/keys";
    private static readonly string[] Administer = ["ai:admin"];
    private readonly List<GatewayHost> _gateways = [];
    private PostgresServer? _server;

    private GatewayClient Admin => _gateways[0].Admin;

    [OneTimeSetUp]
    public void StartServer()
    {
        if (engine != "Postgres") return;
        _server = PostgresServer.TryStart();
        if (_server is null) Assert.Ignore("PostgreSQL is not installed on this machine.");
    }

    [OneTimeTearDown]
    public void StopServer() => _server?.Dispose();

    [SetUp]
    public async Task StartAsync()
    {
        if (_server is null)
        {
            _gateways.Add(await GatewayHost.StartAsync());
            return;
        }

        (string, string)[] settings =
            [("Database:Provider", "Postgres"), ("ConnectionStrings:Gateway", _server.ConnectionString($"gateway_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}") + ";Maximum Pool Size=20")];
        _gateways.Add(await GatewayHost.StartAsync(null, settings));
        _gateways.Add(await GatewayHost.StartAsync(null, settings));
    }

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var gateway in _gateways) await gateway.DisposeAsync();
        _gateways.Clear();
    }

    [Test]
    public async Task Revoke_WhenItIsTheLastAdministratorKey_Is409AndTheKeyStillWorks()
    {
        await Admin.CreateUserAsync();

        var refused = (await Admin.DeleteAsync($"{Keys}/{await KeyIdAsync(GatewayHost.AdminId)}")).Expect(409, "conflict");

        Assert.That(refused.Json.GetProperty("detail").GetString(), Does.Contain("last active administrator key").And.Contain("ai:admin"));
        (await Admin.GetAsync(Users)).Expect(200);
    }

    [Test]
    public async Task Disable_WhenTheUserHasTheLastAdministratorKey_Is409AndNothingIsChanged()
    {
        (await Admin.PatchAsync($"{Users}/{GatewayHost.AdminId}", new { name = "renamed", disabled = true })).Expect(409, "conflict");

        var user = (await Admin.GetAsync($"{Users}/{GatewayHost.AdminId}")).Expect(200).Json;
        Assert.That(user.GetProperty("disabled").GetBoolean(), Is.False);
        Assert.That(user.GetProperty("name").GetString(), Is.EqualTo("admin"));
    }

    [Test]
    public async Task Revoke_WhenAnotherAdministratorHasAKey_SucceedsAndTheOtherBecomesTheLast()
    {
        var other = await Admin.CreateUserAsync();
        var caller = await Admin.CreateKeyAsync(other.Id, Administer);

        (await caller.DeleteAsync($"{Keys}/{await KeyIdAsync(GatewayHost.AdminId)}")).Expect(204);

        (await caller.PatchAsync($"{Users}/{other.Id}", new { disabled = true })).Expect(409, "conflict");
        (await caller.GetAsync(Users)).Expect(200);
    }

    [Test]
    public async Task Disable_WhenAllOtherKeysAreRevokedOrOfDisabledUsersOrForGeneration_Is409()
    {
        var disabled = await Admin.CreateUserAsync();
        await Admin.CreateKeyAsync(disabled.Id, Administer);
        (await Admin.PatchAsync($"{Users}/{disabled.Id}", new { disabled = true })).Expect(200);
        var revoked = (await Admin.PostAsync(Users, new { name = "Bea" })).Expect(201).Json.GetProperty("id").GetGuid();
        await Admin.CreateKeyAsync(revoked, Administer);
        (await Admin.DeleteAsync($"{Keys}/{await KeyIdAsync(revoked)}")).Expect(204);
        await Admin.CreateUserAsync();

        (await Admin.PatchAsync($"{Users}/{GatewayHost.AdminId}", new { disabled = true })).Expect(409, "conflict");
    }

    [Test]
    public async Task Disable_WhenAdministratorsDisableEachOtherAtOnce_OneRemains()
    {
        var administrators = new List<TestUser> { new(GatewayHost.AdminId, Admin) };
        for (var i = 0; i < 7; i++)
        {
            var user = await Admin.CreateUserAsync();
            administrators.Add(new(user.Id, await Admin.CreateKeyAsync(user.Id, Administer)));
        }

        for (var round = 0; round < 4; round++)
        {
            await Task.WhenAll(administrators.Select((each, i) => DisableAsync(
                At(_gateways[i % _gateways.Count], each), administrators[(i + 1) % administrators.Count].Id)));

            var stay = await EnabledAsync();
            var left = administrators.Where(each => stay.Contains(each.Id)).ToList();
            Assert.That(left, Is.Not.Empty, "an administrator remains");
            await EnableAllAsync(administrators);
        }
    }

    [Test]
    public async Task Revoke_WhenAdministratorsRevokeAllKeysAtOnce_OneRemains()
    {
        var administrators = new List<Guid> { GatewayHost.AdminId };
        for (var i = 0; i < 7; i++)
        {
            var user = (await Admin.PostAsync(Users, new { name = "Cid" })).Expect(201).Json.GetProperty("id").GetGuid();
            await Admin.CreateKeyAsync(user, Administer);
            administrators.Add(user);
        }

        var ids = await Task.WhenAll(administrators.Select(KeyIdAsync));
        var replies = await Task.WhenAll(ids.Select((id, i) => _gateways[i % _gateways.Count].Admin.DeleteAsync($"{Keys}/{id}")));

        // A status of 401 means that the key of the request itself was revoked before.
        Assert.That(replies.Select(reply => reply.Status), Is.All.AnyOf(204, 401, 409));
        var keys = await _gateways[0].Services.GetRequiredService<IApiKeyStore>().ListAsync(new(AdminReach.Everything, null, null, 100), CancellationToken.None);
        Assert.That(keys.Count(key => key.RevokedAt is null), Is.GreaterThanOrEqualTo(1));
    }

    private static async Task DisableAsync(GatewayClient caller, Guid id)
    {
        var reply = await caller.PatchAsync($"{Users}/{id}", new { disabled = true });
        Assert.That(reply.Status, Is.AnyOf(200, 401, 409), reply.Text);
    }

    private static GatewayClient At(GatewayHost gateway, TestUser user) => gateway.Admin.As(user.Caller.Credentials);

    private async Task<HashSet<Guid>> EnabledAsync()
    {
        var users = await _gateways[0].Services.GetRequiredService<IUserStore>().ListAsync(new(AdminReach.Everything, null, 200), CancellationToken.None);
        return [.. users.Where(user => !user.Disabled).Select(user => user.Id)];
    }

    private async Task EnableAllAsync(List<TestUser> users)
    {
        // The users are enabled in the store, because the test does not know which administrator remains.
        var store = _gateways[0].Services.GetRequiredService<IUserStore>();
        foreach (var user in users) await EnableAsync(store, user.Id);
        foreach (var gateway in _gateways) gateway.Services.GetRequiredService<ICallerDirectory>().Forget();
    }

    private static Task<User?> EnableAsync(IUserStore store, Guid id) =>
        store.UpdateAsync(id, null, disabled: false, Actor.Operator, TimeProvider.System.GetUtcNow(), CancellationToken.None);

    private async Task<Guid> KeyIdAsync(Guid userId) => (await Admin.GetAsync($"{Keys}?userId={userId}")).Expect(200)
        .Json.GetProperty("items").EnumerateArray().First().GetProperty("id").GetGuid();
}
