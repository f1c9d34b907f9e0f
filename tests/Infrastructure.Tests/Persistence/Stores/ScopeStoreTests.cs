using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using AiGateway.Application.Teams;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Persistence.Stores.Teams;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Persistence.Stores;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class ScopeStoreTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ScopeChanges Nothing = new(null, null, null, default, default);
    private TestDatabase _database = null!;
    private ScopeStore _scopes = null!;
    private UserStore _users = null!;
    private ApiKeyStore _keys = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _database = await TestDatabase.CreateAsync(kind);
        _scopes = new ScopeStore(_database.Contexts);
        _users = new UserStore(_database.Contexts);
        _keys = new ApiKeyStore(_database.Contexts);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }

    [Test]
    public async Task Add_WhenFoundAgain_IsTheSameScopeOfItsKindAlone()
    {
        var organisation = await AddAsync(ScopeKind.Organisation);
        var team = await AddAsync(ScopeKind.Team, organisation);

        var found = (await _scopes.FindAsync(ScopeKind.Team, team, None))!;

        Assert.That((found.Name, found.ParentId, found.Disabled, found.TimeZone, found.CreatedAt), Is.EqualTo(("a team", (Guid?)organisation, false, (string?)null, Noon)));
        Assert.That(await _scopes.FindAsync(ScopeKind.Project, team, None), Is.Null);
    }

    [Test]
    public async Task Add_BelowAScopeOfAnotherKind_NamesTheMember()
    {
        var organisation = await AddAsync(ScopeKind.Organisation);

        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => AddAsync(ScopeKind.Project, organisation));

        Assert.That(failure.Faults, Is.EqualTo([new Fault("teamId", $"there is no team {organisation}")]));
    }

    [Test]
    public async Task List_OfOneParentAndOfAll_PagesOldestFirst()
    {
        var (first, second) = (await AddAsync(ScopeKind.Organisation), await AddAsync(ScopeKind.Organisation));
        Guid[] teams = [await AddAsync(ScopeKind.Team, first, 0), await AddAsync(ScopeKind.Team, second, 1), await AddAsync(ScopeKind.Team, first, 2), await AddAsync(ScopeKind.Team, first, 3)];

        Assert.That(Ids(await _scopes.ListAsync(new(AdminReach.Everything, ScopeKind.Team, first, null, 2), None)), Is.EqualTo([teams[0], teams[2]]));
        Assert.That(Ids(await _scopes.ListAsync(new(AdminReach.Everything, ScopeKind.Team, first, teams[2], 2), None)), Is.EqualTo([teams[3]]));
        Assert.That(Ids(await _scopes.ListAsync(new(AdminReach.Everything, ScopeKind.Team, null, null, 10), None)), Is.EqualTo(teams));
    }

    [Test]
    public async Task Update_WhenAPartIsGiven_ChangesThatPartAlone()
    {
        var (first, second) = (await AddAsync(ScopeKind.Organisation), await AddAsync(ScopeKind.Organisation));
        var team = await AddAsync(ScopeKind.Team, first);

        await _scopes.UpdateAsync(ScopeKind.Team, team, Nothing with { TimeZone = new("Europe/Berlin"), AllowedModels = new("gpt-6* o3"), Disabled = true }, Actor.Operator, Noon, None);
        await _scopes.UpdateAsync(ScopeKind.Team, team, Nothing with { ParentId = second, Name = "moved" }, Actor.Operator, Noon, None);
        var changed = (await _scopes.UpdateAsync(ScopeKind.Team, team, Nothing with { TimeZone = new(null) }, Actor.Operator, Noon, None))!;

        Assert.That((changed.Name, changed.ParentId, changed.Disabled, changed.TimeZone, changed.AllowedModels), Is.EqualTo(("moved", (Guid?)second, true, (string?)null, "gpt-6* o3")));
        Assert.That(await _scopes.UpdateAsync(ScopeKind.Project, team, Nothing, Actor.Operator, Noon, None), Is.Null);
    }

    [Test]
    public async Task Delete_WhileSomethingBelongsToIt_IsAConflictThatCountsIt()
    {
        var organisation = await AddAsync(ScopeKind.Organisation);
        var team = await AddAsync(ScopeKind.Team, organisation);
        var project = await AddAsync(ScopeKind.Project, team);
        var user = await AddUserAsync(team);
        var key = await AddKeyAsync(user, new KeyChanges { ProjectId = new(project) });

        await RefusesAsync(ScopeKind.Organisation, organisation, "1 team");
        await RefusesAsync(ScopeKind.Team, team, "1 project, 1 user");
        await RefusesAsync(ScopeKind.Project, project, "1 key");

        await _keys.RevokeAsync(key, Actor.Operator, Noon, None);
        Assert.That(await _scopes.DeleteAsync(ScopeKind.Project, project, Actor.Operator, Noon, None), Is.True, "a revoked key does not count");
        Assert.That((await _keys.FindAsync(key, None))!.ProjectId, Is.Null);
        await _users.SetTeamAsync(user, null, Actor.Operator, Noon, None);
        Assert.That(await _scopes.DeleteAsync(ScopeKind.Team, team, Actor.Operator, Noon, None), Is.True);
        Assert.That(await _scopes.DeleteAsync(ScopeKind.Organisation, organisation, Actor.Operator, Noon, None), Is.True);
        Assert.That(await _scopes.DeleteAsync(ScopeKind.Organisation, organisation, Actor.Operator, Noon, None), Is.False);
    }

    [Test]
    public async Task Delete_OfATeamWithBudgets_DeletesThem()
    {
        var team = await AddAsync(ScopeKind.Team, await AddAsync(ScopeKind.Organisation));
        await using (var context = await _database.Contexts.CreateDbContextAsync())
        {
            context.Budgets.Add(new Budget
            {
                Id = Guid.CreateVersion7(Noon),
                ScopeKind = ScopeKind.Team,
                ScopeId = team,
                Metric = BudgetMetric.Requests,
                WindowKind = PeriodKind.Day,
                Amount = 1,
                CountedSince = Noon,
            });
            await context.SaveChangesAsync();
        }

        await _scopes.DeleteAsync(ScopeKind.Team, team, Actor.Operator, Noon, None);

        await using var after = await _database.Contexts.CreateDbContextAsync();
        Assert.That(await after.Budgets.AnyAsync(budget => budget.ScopeId == team), Is.False);
    }

    [Test]
    public async Task Key_WhenPutIntoAProject_LeavesItsTeam()
    {
        var team = await AddAsync(ScopeKind.Team, await AddAsync(ScopeKind.Organisation));
        var project = await AddAsync(ScopeKind.Project, team);
        var key = await AddKeyAsync(await AddUserAsync(null), new KeyChanges { TeamId = new(team), Tags = new("a b"), ExpiresAt = new(Noon.AddDays(1)) });

        var moved = (await _keys.UpdateAsync(key, new KeyChanges { ProjectId = new(project) }, Actor.Operator, Noon, None))!;
        Assert.That((moved.TeamId, moved.ProjectId, moved.Tags, moved.ExpiresAt), Is.EqualTo(((Guid?)null, (Guid?)project, "a b", (DateTimeOffset?)Noon.AddDays(1))));

        var back = (await _keys.UpdateAsync(key, new KeyChanges { TeamId = new(team), ExpiresAt = new(null) }, Actor.Operator, Noon, None))!;
        Assert.That((back.TeamId, back.ProjectId, back.ExpiresAt), Is.EqualTo(((Guid?)team, (Guid?)null, (DateTimeOffset?)null)));
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => _keys.UpdateAsync(key, new KeyChanges { ProjectId = new(team) }, Actor.Operator, Noon, None));
        Assert.That(failure.Faults[0].Field, Is.EqualTo("projectId"));
    }

    [Test]
    public async Task Change_ThatWouldRefuseTheLastAdministratorKey_IsAConflictAndChangesNothing()
    {
        var organisation = await AddAsync(ScopeKind.Organisation);
        var team = await AddAsync(ScopeKind.Team, organisation);
        var closed = await AddAsync(ScopeKind.Team, organisation);
        await _scopes.UpdateAsync(ScopeKind.Team, closed, Nothing with { Disabled = true }, Actor.Operator, Noon, None);
        var user = await AddUserAsync(team);
        var key = await AddKeyAsync(user, new KeyChanges(), Scopes.Admin);

        await Assert.ThrowsAsync<LastAdministratorException>(() => _scopes.UpdateAsync(ScopeKind.Organisation, organisation, Nothing with { Disabled = true }, Actor.Operator, Noon, None));
        await Assert.ThrowsAsync<LastAdministratorException>(() => _scopes.UpdateAsync(ScopeKind.Team, team, Nothing with { Disabled = true }, Actor.Operator, Noon, None));
        await Assert.ThrowsAsync<LastAdministratorException>(() => _users.SetTeamAsync(user, closed, Actor.Operator, Noon, None));
        await Assert.ThrowsAsync<LastAdministratorException>(() => _keys.UpdateAsync(key, new KeyChanges { TeamId = new(closed) }, Actor.Operator, Noon, None));

        Assert.That((await _scopes.FindAsync(ScopeKind.Organisation, organisation, None))!.Disabled, Is.False);
        Assert.That((await _users.FindAsync(user, None))!.TeamId, Is.EqualTo(team));
        await AddKeyAsync(await AddUserAsync(null), new KeyChanges(), Scopes.Admin);
        await _scopes.UpdateAsync(ScopeKind.Organisation, organisation, Nothing with { Disabled = true }, Actor.Operator, Noon, None);
        await Assert.ThrowsAsync<LastAdministratorException>(async () =>
        {
            foreach (var each in await _keys.ListAsync(new(AdminReach.Everything, null, null, 10), None)) await _keys.RevokeAsync(each.Id, Actor.Operator, Noon, None);
        });
    }

    private async Task RefusesAsync(ScopeKind of, Guid id, string below)
    {
        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => _scopes.DeleteAsync(of, id, Actor.Operator, Noon, None));
        Assert.That(failure.Code, Is.EqualTo(ErrorCode.Conflict));
        Assert.That(failure.Message, Does.Contain(below));
    }

    private async Task<Guid> AddAsync(ScopeKind of, Guid? parent = null, int seconds = 0)
    {
        var at = Noon.AddSeconds(seconds);
        var scope = new Scope { Id = Guid.CreateVersion7(at), Kind = of, Name = $"a {of.ToName()}", ParentId = parent, CreatedAt = at };
        await _scopes.AddAsync(scope, Actor.Operator, None);
        return scope.Id;
    }

    private async Task<Guid> AddUserAsync(Guid? team)
    {
        var user = new User { Id = Guid.CreateVersion7(Noon), Name = "someone", CreatedAt = Noon };
        await _users.AddAsync(user, Actor.Operator, None);
        await _users.SetTeamAsync(user.Id, team, Actor.Operator, Noon, None);
        return user.Id;
    }

    private async Task<Guid> AddKeyAsync(Guid user, KeyChanges changes, string scopes = Scopes.Generate)
    {
        var id = Guid.CreateVersion7(Noon);
        var key = new ApiKey { Id = id, UserId = user, Name = "key", Prefix = "agw_", Hash = [.. id.ToByteArray(), .. id.ToByteArray()], Scopes = scopes, CreatedAt = Noon };
        await _keys.AddAsync(key, Actor.Operator, None);
        await _keys.UpdateAsync(id, changes, Actor.Operator, Noon, None);
        return id;
    }

    private static IEnumerable<Guid> Ids(IEnumerable<Scope> scopes) => scopes.Select(scope => scope.Id);
}
