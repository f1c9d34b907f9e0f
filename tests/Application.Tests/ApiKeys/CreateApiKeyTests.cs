using AiGateway.Application.ApiKeys;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.ApiKeys;

public sealed class CreateApiKeyTests : IDisposable
{
    private static readonly CreateApiKey Command = new(Sample.Actor, Sample.UserId, "CI", null, null);

    private readonly UseCases _useCases = new();

    public CreateApiKeyTests()
    {
        _useCases.Users.FindAsync(Sample.UserId, Arg.Any<CancellationToken>())
            .Returns(new User { Id = Sample.UserId, Name = "Ada", CreatedAt = Sample.Noon });
        _useCases.Secrets.Create().Returns("agw_secret");
        _useCases.Secrets.PrefixOf("agw_secret").Returns("agw_sec");
        _useCases.Secrets.HashOf("agw_secret").Returns([1, 2, 3]);
    }

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Create_WhenValid_StoresTheHashAndShowsTheSecretOnce()
    {
        var expiry = Sample.Noon.AddDays(1);

        var created = await _useCases.SendAsync(Command with { ExpiresAt = expiry });

        Assert.That(created.Secret, Is.EqualTo("agw_secret"));
        Assert.That(
            (created.Key.UserId, created.Key.Name, created.Key.Prefix, created.Key.CreatedAt, created.Key.ExpiresAt, created.Key.RevokedAt),
            Is.EqualTo((Sample.UserId, "CI", "agw_sec", Sample.Noon, (DateTimeOffset?)expiry, (DateTimeOffset?)null)));
        Assert.That(created.Key.Hash, Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(created.Key.Id.Version, Is.EqualTo(7));
        await _useCases.Keys.Received(1).AddAsync(created.Key, Sample.Actor, Arg.Any<CancellationToken>());
    }

    [TestCase("ai:generate", null)]
    [TestCase("ai:generate", "ai:generate")]
    [TestCase("ai:admin", "ai:admin")]
    [TestCase("ai:admin ai:generate", "ai:admin", "ai:generate")]
    [TestCase("ai:generate", "ai:generate", "ai:generate")]
    public async Task Create_Scopes_AreTheRequestedOnesWithoutRepeatsOrGenerate(string expected, params string[]? scopes)
    {
        var created = await _useCases.SendAsync(Command with { Scopes = scopes });

        Assert.That(created.Key.Scopes, Is.EqualTo(expected));
    }

    [TestCase("ai:generate")]
    [TestCase("ai:generate", "ai:admin", "ai:generate")]
    [TestCase("ai:generate", null)]
    public async Task Create_WithAScopeThatTheCallerLacks_IsDeniedAndTheScopeIsNamed(string missing, params string[]? scopes)
    {
        var by = Sample.Actor with { Scopes = [Scopes.Admin] };

        var failure = await Assert.ThrowsAsync<AiGatewayException>(
            () => _useCases.SendAsync(Command with { By = by, Scopes = scopes is [] ? [missing] : scopes }));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.PermissionDenied));
        Assert.That(failure.Message, Does.Contain(missing).And.Not.Contain("scope ai:admin"));
        await _useCases.Keys.DidNotReceiveWithAnyArgs().AddAsync(default!, default!, default);
    }

    [Test]
    public async Task Create_ForAnUnknownUser_NamesTheField()
    {
        var unknown = Guid.Parse("0193a000-0000-7000-8000-000000000bad");

        var faults = await _useCases.FaultsOfAsync(Command with { UserId = unknown });

        Assert.That(faults, Is.EqualTo([new Fault("userId", $"there is no user {unknown}")]));
        await _useCases.Keys.DidNotReceiveWithAnyArgs().AddAsync(default!, default!, default);
    }

    [Test]
    public async Task Create_WhenEverythingIsMissingOrWrong_NamesEveryField()
    {
        var faults = await _useCases.FaultsOfAsync(new CreateApiKey(Sample.Actor, null, null, ["ai:generate", "ai:root", ""], Sample.Noon));

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(["userId", "name", "scopes[1]", "scopes[2]", "expiresAt"]));
        _useCases.Secrets.DidNotReceive().Create();
    }

    [TestCase(-1, false)]
    [TestCase(0, false)]
    [TestCase(1, true)]
    public async Task Create_Expiry_MustLieInTheFuture(long ticksFromNow, bool isTaken)
    {
        var faults = await _useCases.FaultsOfAsync(Command with { ExpiresAt = Sample.Noon.AddTicks(ticksFromNow) });

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(isTaken ? Array.Empty<string>() : ["expiresAt"]));
    }

    [Test]
    public async Task Create_WithAnEmptyListOfScopes_IsRefused()
    {
        var faults = await _useCases.FaultsOfAsync(Command with { Scopes = [] });

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(["scopes"]));
    }

    [TestCase(200, true)]
    [TestCase(201, false)]
    public async Task Create_Name_HasAtMost200Characters(int length, bool isTaken)
    {
        var faults = await _useCases.FaultsOfAsync(Command with { Name = new string('n', length) });

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(isTaken ? Array.Empty<string>() : ["name"]));
    }
}
