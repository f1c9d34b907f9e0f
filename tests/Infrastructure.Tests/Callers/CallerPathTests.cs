using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using AiGateway.Application.Teams;
using AiGateway.Application.Users;
using AiGateway.Domain;
using AiGateway.Infrastructure.Callers;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Persistence.Stores.Teams;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using AiGateway.Infrastructure.Tests.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace AiGateway.Infrastructure.Tests.Callers;

/// <summary>The organisation, team and project of a caller, and the models that they allow.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class CallerPathTests(DatabaseKind kind)
{
    private const string Secret = "agw_a-secret-of-the-tests";
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Guid UserId = Guid.CreateVersion7(Noon);
    private static readonly Guid KeyId = Guid.CreateVersion7(Noon);
    private readonly Dictionary<string, Guid> _ids = [];
    private TestDatabase _database = null!;
    private FakeTimeProvider _time = null!;
    private ScopeStore _scopes = null!;
    private CallerDirectory _directory = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _database = await TestDatabase.CreateAsync(kind);
        _time = new FakeTimeProvider(Noon);
        var users = new UserStore(_database.Contexts);
        _scopes = new ScopeStore(_database.Contexts);
        _directory = new CallerDirectory(new CallerQueries(_database.Contexts, users, new TokenUserSettings(), _time), new LedgerSettings(), _time);
        await users.AddAsync(new User { Id = UserId, Name = "someone", CreatedAt = Noon }, Actor.Operator, None);
        await new ApiKeyStore(_database.Contexts).AddAsync(
            new ApiKey { Id = KeyId, UserId = UserId, Name = "front end", Prefix = "agw_a-se", Hash = new ApiKeySecrets().HashOf(Secret), Scopes = Scopes.Generate, CreatedAt = Noon }, Actor.Operator, None);
        await AddAsync("organisation", ScopeKind.Organisation, null);
        await AddAsync("team", ScopeKind.Team, "organisation");
        await AddAsync("other team", ScopeKind.Team, "organisation");
        await AddAsync("project", ScopeKind.Project, "other team");
        await ChangeAsync("organisation", new(null, null, null, new("Europe/Berlin"), new("gpt-* claude-*")));
        await ChangeAsync("other team", new(null, null, null, new("Asia/Tokyo"), default));
        await ChangeAsync("project", new(null, null, null, default, new("gpt-6")));
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }

    [TestCase(null, null, null, "")]
    [TestCase("team", null, null, "organisation@Europe/Berlin team@Europe/Berlin")]
    [TestCase("team", "other team", null, "organisation@Europe/Berlin other team@Asia/Tokyo")]
    [TestCase("team", null, "project", "organisation@Europe/Berlin other team@Asia/Tokyo project@Asia/Tokyo")]
    public async Task Path_OfAKey_IsItsProjectElseItsTeamElseThatOfItsUser(string? teamOfUser, string? team, string? project, string expected)
    {
        await PutAsync(teamOfUser, team, project);

        var caller = (await _directory.FindByKeyAsync(Secret, null, None))!;

        Assert.That(string.Join(' ', caller.Path.Steps.Select(step => $"{step.Name}@{step.TimeZone}")), Is.EqualTo(expected));
        Assert.That(caller.Path.Steps.Select(step => step.Id), Is.EqualTo(caller.Path.Steps.Select(step => _ids[step.Name])));
    }

    [TestCase(null, null, "gpt-6 o3 claude-5", "gpt-6 o3 claude-5")]
    [TestCase("team", null, "gpt-6 o3 claude-5", "gpt-6 claude-5")]
    [TestCase(null, "project", "gpt-6 gpt-6-mini claude-5", "gpt-6")]
    public async Task Models_OfAKey_MatchEachListOfItsPath(string? team, string? project, string asked, string allowed)
    {
        await PutAsync(null, team, project);

        var caller = (await _directory.FindByKeyAsync(Secret, null, None))!;

        Assert.That(asked.Split(' ').Where(caller.AllowedModels.Allows), Is.EqualTo(allowed.Split(' ')));
    }

    [Test]
    public async Task Models_OfAKeyWithAListOfItsOwn_AreInThatListToo()
    {
        await PutAsync("team", null, null);
        await new ApiKeyStore(_database.Contexts).UpdateAsync(KeyId, new KeyChanges { AllowedModels = new("gpt-5 o3"), AllowedNetworks = new("10.0.0.0/8") }, Actor.Operator, Noon, None);

        var caller = (await _directory.FindByKeyAsync(Secret, null, None))!;

        Assert.That(caller.AllowedModels.Allows("gpt-5"), Is.True);
        Assert.That(caller.AllowedModels.FindRefusing("gpt-6")?.Name, Is.EqualTo("front end"));
        Assert.That(caller.AllowedModels.FindRefusing("o3")?.Name, Is.EqualTo("organisation"));
        Assert.That(caller.AllowedNetworks!.Select(network => network.ToString()), Is.EqualTo(["10.0.0.0/8"]));
    }

    [TestCase("organisation")]
    [TestCase("other team")]
    [TestCase("project")]
    public async Task FindByKey_WhenAScopeAboveIsDisabled_IsRefusedWithItsName(string disabled)
    {
        await PutAsync("team", null, "project");
        await ChangeAsync(disabled, new(null, true, null, default, default));

        for (var i = 0; i < 2; i++)
        {
            Assert.That(_directory.Recall(Secret).Caller, Is.Null);
            var failure = await Assert.ThrowsAsync<AiGatewayException>(() => _directory.FindByKeyAsync(Secret, null, None).AsTask());
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.Unauthenticated));
            Assert.That(failure.Message, Does.Contain($"{disabled} is disabled"));
        }

        Assert.That(_directory.Recall(Secret).WasGood, Is.False);
        await ChangeAsync(disabled, new(null, false, null, default, default));
        _directory.Forget();
        Assert.That(await _directory.FindByKeyAsync(Secret, null, None), Is.Not.Null);
    }

    [Test]
    public async Task FindByKey_AfterARotation_TakesThePreviousSecretUntilItsGraceEnds()
    {
        const string Next = "agw_the-next-secret";
        var store = new ApiKeyStore(_database.Contexts);
        await store.RotateAsync(KeyId, new KeyRotation("agw_the-", new ApiKeySecrets().HashOf(Next), Noon.AddHours(1)), Actor.Operator, Noon, None);

        Assert.That((await _directory.FindByKeyAsync(Secret, null, None))?.ApiKeyId, Is.EqualTo(KeyId));
        Assert.That((await _directory.FindByKeyAsync(Next, null, None))?.ApiKeyId, Is.EqualTo(KeyId));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(await _directory.FindByKeyAsync(Secret, null, None), Is.Null);
        Assert.That(await _directory.FindByKeyAsync(Next, null, None), Is.Not.Null);
    }

    [Test]
    public async Task Use_OfAKey_IsWrittenToTheMinuteAndNeverEarlierThanBefore()
    {
        using var uses = new KeyUses(_database.Contexts, _time, NullLogger<KeyUses>.Instance);
        var store = new ApiKeyStore(_database.Contexts);
        _time.Advance(TimeSpan.FromSeconds(100));
        uses.Note(KeyId);
        uses.Note(UserId);
        Assert.That((await store.FindAsync(KeyId, None))!.LastUsedAt, Is.Null, "nothing is written on the way of a request");

        await uses.WriteAsync(None);
        Assert.That((await store.FindAsync(KeyId, None))!.LastUsedAt, Is.EqualTo(Noon.AddMinutes(1)));

        using var late = new KeyUses(_database.Contexts, new FakeTimeProvider(Noon), NullLogger<KeyUses>.Instance);
        late.Note(KeyId);
        await late.WriteAsync(None);
        Assert.That((await store.FindAsync(KeyId, None))!.LastUsedAt, Is.EqualTo(Noon.AddMinutes(1)));
    }

    [Test]
    public async Task Use_WhenItCannotBeWritten_IsLoggedOnceUntilItCanBeWritten()
    {
        var log = new CapturedLog<KeyUses>();
        var contexts = Substitute.For<IDbContextFactory<GatewayContext>>();
        contexts.CreateDbContextAsync(Arg.Any<CancellationToken>()).ThrowsAsync(new TimeoutException());
        using var uses = new KeyUses(contexts, _time, log);

        for (var i = 0; i < 3; i++)
        {
            uses.Note(KeyId);
            await uses.WriteAsync(None);
        }

        Assert.That(log.Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task FindBySubject_WhenTheTokenNamesAScope_HasItsPath()
    {
        var project = (await FindSubjectAsync(new TokenPath(ScopeKind.Project, _ids["project"])))!;
        var none = (await FindSubjectAsync(default))!;
        await new UserStore(_database.Contexts).SetTeamAsync(none.UserId, _ids["team"], Actor.Operator, Noon, None);
        _directory.Forget();
        var ofUser = (await FindSubjectAsync(default))!;
        var named = (await FindSubjectAsync(new TokenPath(ScopeKind.Team, _ids["other team"])))!;

        Assert.That(project.Path.Steps.Select(step => step.Name), Is.EqualTo(["organisation", "other team", "project"]));
        Assert.That(none.Path.Steps, Is.Empty);
        Assert.That(ofUser.Path.Steps.Select(step => step.Name), Is.EqualTo(["organisation", "team"]));
        Assert.That(named.Path.Steps.Select(step => step.Name), Is.EqualTo(["organisation", "other team"]));
    }

    [Test]
    public async Task FindBySubject_WhenTheTokenNamesAnUnknownScope_IsDeniedAndCreatesNoUser()
    {
        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => FindSubjectAsync(new TokenPath(ScopeKind.Team, _ids["project"])));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.PermissionDenied));
        Assert.That(failure.Message, Does.Contain($"{_ids["project"]}"));
        Assert.That(await new UserStore(_database.Contexts).ListAsync(new(AdminReach.Everything, null, 10), None), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task FindBySubject_WhenAScopeAboveIsDisabled_IsRefused()
    {
        await ChangeAsync("other team", new(null, true, null, default, default));

        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => FindSubjectAsync(new TokenPath(ScopeKind.Project, _ids["project"])));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.Unauthenticated));
    }

    private Task<Application.Caller?> FindSubjectAsync(TokenPath path) =>
        _directory.FindBySubjectAsync("https://issuer.example", "ann", null, path, [Scopes.Generate], None).AsTask();

    private async Task AddAsync(string name, ScopeKind of, string? parent)
    {
        _ids[name] = Guid.CreateVersion7(Noon);
        await _scopes.AddAsync(new Scope { Id = _ids[name], Kind = of, Name = name, ParentId = parent is null ? null : _ids[parent], CreatedAt = Noon }, Actor.Operator, None);
    }

    private async Task ChangeAsync(string name, ScopeChanges changes)
    {
        foreach (var of in (ScopeKind[])[ScopeKind.Organisation, ScopeKind.Team, ScopeKind.Project]) await _scopes.UpdateAsync(of, _ids[name], changes, Actor.Operator, Noon, None);
    }

    private async Task PutAsync(string? teamOfUser, string? team, string? project)
    {
        await new UserStore(_database.Contexts).SetTeamAsync(UserId, teamOfUser is null ? null : _ids[teamOfUser], Actor.Operator, Noon, None);
        var changes = new KeyChanges { TeamId = new(team is null ? null : _ids[team]), ProjectId = new(project is null ? null : _ids[project]) };
        await new ApiKeyStore(_database.Contexts).UpdateAsync(KeyId, changes, Actor.Operator, Noon, None);
    }
}
