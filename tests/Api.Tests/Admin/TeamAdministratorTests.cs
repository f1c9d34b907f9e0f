using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Admin;

/// <summary>What a key with <c>ai:admin:team</c> may do: everything that is asked here is asked of its own team and of another.</summary>
internal sealed class TeamAdministratorTests
{
    private const string Api = "/api/v1/admin";
    private static readonly string[] Rights = ["ai:generate", "ai:admin:team"];
    private static readonly object Budget = new { budgets = new[] { new { metric = "tokens", window = "week", amount = 1000 } } };
    private GatewayHost _gateway = null!;
    private Sample _own = null!;
    private Sample _other = null!;

    private GatewayClient Admin => _gateway.Admin;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync();
        _own = await CreateSampleAsync("Search");
        _other = await CreateSampleAsync("Billing");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("GET", "/users/{user}")]
    [TestCase("GET", "/users/{user}/quota")]
    [TestCase("PUT", "/users/{user}/quota")]
    [TestCase("GET", "/users/{user}/budgets")]
    [TestCase("PUT", "/users/{user}/budgets")]
    [TestCase("DELETE", "/users/{user}/budgets")]
    [TestCase("GET", "/users/{user}/rates")]
    [TestCase("PUT", "/users/{user}/rates")]
    [TestCase("DELETE", "/users/{user}/rates")]
    [TestCase("GET", "/keys/{key}")]
    [TestCase("PATCH", "/keys/{key}")]
    [TestCase("POST", "/keys/{key}/rotate")]
    [TestCase("GET", "/keys/{key}/budgets")]
    [TestCase("PUT", "/keys/{key}/budgets")]
    [TestCase("DELETE", "/keys/{key}/budgets")]
    [TestCase("GET", "/keys/{key}/rates")]
    [TestCase("PUT", "/keys/{key}/rates")]
    [TestCase("DELETE", "/keys/{key}/rates")]
    [TestCase("GET", "/projects/{project}")]
    [TestCase("PATCH", "/projects/{project}")]
    [TestCase("GET", "/projects/{project}/budgets")]
    [TestCase("PUT", "/projects/{project}/budgets")]
    [TestCase("DELETE", "/projects/{project}/budgets")]
    [TestCase("GET", "/projects/{project}/rates")]
    [TestCase("PUT", "/projects/{project}/rates")]
    [TestCase("DELETE", "/projects/{project}/rates")]
    [TestCase("GET", "/teams/{team}")]
    [TestCase("GET", "/teams/{team}/budgets")]
    [TestCase("GET", "/teams/{team}/rates")]
    [TestCase("GET", "/teams/{team}/statement?month=2026-11")]
    [TestCase("DELETE", "/keys/{spareKey}")]
    [TestCase("DELETE", "/projects/{spareProject}")]
    public async Task Endpoint_IsServedForTheOwnTeam_AndAnswersForAnotherAsForNothing(string method, string path)
    {
        var foreign = await AskAsync(_own.Administrator, method, _other.Fill(path));
        var missing = await AskAsync(_own.Administrator, method, _own.Missing(path));
        var own = await AskAsync(_own.Administrator, method, _own.Fill(path));

        Assert.That(own.Status, Is.InRange(200, 204), own.Text);
        foreign.Expect(404, "not_found");
        missing.Expect(404, "not_found");
        Assert.That(Detail(foreign).Replace(_other.IdIn(path), "ID", StringComparison.Ordinal), Is.EqualTo(Detail(missing).Replace($"{Sample.Nothing}", "ID", StringComparison.Ordinal)));
    }

    [TestCase("PUT", "/teams/{team}/budgets")]
    [TestCase("PUT", "/teams/{team}/rates")]
    [TestCase("PUT", "/keys/{administratorKey}/rates")]
    [TestCase("DELETE", "/teams/{team}/budgets")]
    [TestCase("PATCH", "/teams/{team}")]
    [TestCase("DELETE", "/teams/{team}")]
    [TestCase("PATCH", "/users/{user}")]
    [TestCase("PUT", "/users/{user}/team")]
    [TestCase("PATCH", "/keys/{administratorKey}")]
    [TestCase("PUT", "/keys/{administratorKey}/budgets")]
    [TestCase("DELETE", "/keys/{administratorKey}/budgets")]
    [TestCase("PATCH", "/keys/{highKey}")]
    [TestCase("POST", "/keys/{highKey}/rotate")]
    [TestCase("DELETE", "/keys/{highKey}")]
    public async Task Change_OfTheTeamItselfOrOfItsOwnPower_Is403(string method, string path) =>
        (await AskAsync(_own.Administrator, method, _own.Fill(path))).Expect(403, "permission_denied");

    [TestCase("GET", "/organisations/{organisation}/budgets")]
    [TestCase("PUT", "/organisations/{organisation}/budgets")]
    public async Task Budgets_AboveTheTeam_AnswerAsNothing(string method, string path) =>
        (await AskAsync(_own.Administrator, method, _own.Fill(path))).Expect(404, "not_found");

    [Test]
    public async Task Lists_HoldTheOwnTeamAlone()
    {
        foreach (var (path, own) in ((string, Guid)[])[("users", _own.User), ("keys", _own.Key), ("projects", _own.Project), ("teams", _own.Team)])
        {
            var ids = await IdsAsync(_own.Administrator, $"{Api}/{path}?limit=200");

            Assert.That(ids, Has.Member(own), path);
            Assert.That(ids.Intersect(_other.All), Is.Empty, path);
            Assert.That(ids, Is.SubsetOf(await IdsAsync(Admin, $"{Api}/{path}?limit=200")));
        }

        Assert.That(await IdsAsync(_own.Administrator, $"{Api}/users?teamId={_other.Team}"), Is.Empty, "a filter never widens");
        Assert.That(await IdsAsync(_own.Administrator, $"{Api}/keys?userId={_other.User}"), Is.Empty);
        Assert.That(await IdsAsync(Admin, $"{Api}/users?teamId={_other.Team}"), Is.EqualTo([_other.User]));
        Assert.That(await IdsAsync(Admin, $"{Api}/keys?teamId={_other.Team}&limit=200"), Has.Member(_other.Key).And.No.Member(_own.Key));
    }

    [Test]
    public async Task Key_IsMadeForTheOwnTeam_WithOwnRightsOnly()
    {
        var made = (await _own.Administrator.PostAsync($"{Api}/keys", new { userId = _own.User, name = "made", projectId = _own.Project })).Expect(201);

        (await Admin.As(made.Json.GetProperty("key").GetString()).GenerateAsync()).Expect(200);
        foreach (var scope in (string[])["ai:admin", "ai:usage"])
        {
            var refused = await _own.Administrator.PostAsync($"{Api}/keys", new { userId = _own.User, name = "more", scopes = new[] { scope } });
            Assert.That(refused.Status, Is.EqualTo(scope == "ai:admin" ? 403 : 201), refused.Text);
        }

        (await _own.Administrator.PostAsync($"{Api}/keys", new { userId = _own.User, name = "next", scopes = Rights })).Expect(201);
        await RefusedAsync(new { userId = _other.User, name = "theirs" }, "userId");
        await RefusedAsync(new { userId = _own.User, name = "theirs", projectId = _other.Project }, "projectId");
        await RefusedAsync(new { userId = _own.User, name = "theirs", teamId = _other.Team }, "teamId");

        async Task RefusedAsync(object body, string field)
        {
            var refused = (await _own.Administrator.PostAsync($"{Api}/keys", body)).Expect(400, "invalid_request");
            Assert.That(refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field));
        }
    }

    [Test]
    public async Task Move_OutOfTheTeam_IsRefused()
    {
        (await _own.Administrator.PatchAsync($"{Api}/keys/{_own.Key}", new { teamId = _other.Team })).Expect(400, "invalid_request");
        (await _own.Administrator.PatchAsync($"{Api}/keys/{_own.Key}", new { projectId = _other.Project })).Expect(400, "invalid_request");
        (await _own.Administrator.PatchAsync($"{Api}/projects/{_own.Project}", new { teamId = _other.Team })).Expect(400, "invalid_request");
        (await _own.Administrator.PostAsync($"{Api}/projects", new { name = "theirs", teamId = _other.Team })).Expect(400, "invalid_request");

        // The key of a user of another team, which counts for a project of this team.
        var lent = await CreateKeyAsync(_other.User, new { userId = _other.User, name = "lent", projectId = _own.Project });
        (await _own.Administrator.PatchAsync($"{Api}/keys/{lent}", """{"projectId":null}""")).Expect(403, "permission_denied");
        (await _own.Administrator.PostAsync($"{Api}/keys/{lent}/rotate", new { graceSeconds = 60 })).Expect(403, "permission_denied");
        Assert.That((await Admin.GetAsync($"{Api}/keys/{lent}")).Json.GetProperty("projectId").GetGuid(), Is.EqualTo(_own.Project), "nothing was changed");
    }

    [Test]
    public async Task Power_WhenTheTeamOfTheKeyChanges_FollowsAtOnce()
    {
        var user = (await _gateway.CreateUserAsync()).Id;
        (await Admin.PutAsync($"{Api}/users/{user}/team", new { teamId = _own.Team })).Expect(200);
        var administrator = await Admin.CreateKeyAsync(user, Rights);
        (await administrator.GetAsync($"{Api}/teams/{_own.Team}")).Expect(200);

        (await Admin.PutAsync($"{Api}/users/{user}/team", new { teamId = _other.Team })).Expect(200);

        (await administrator.GetAsync($"{Api}/teams/{_own.Team}")).Expect(404);
        (await administrator.GetAsync($"{Api}/teams/{_other.Team}")).Expect(200);
        (await Admin.PutAsync($"{Api}/users/{user}/team", """{"teamId":null}""")).Expect(200);
        (await administrator.GetAsync($"{Api}/teams/{_other.Team}")).Expect(403, "permission_denied");
    }

    [Test]
    public async Task Change_InTheAuditLog_IsOfTheTeamsAdministrator()
    {
        var reply = (await _own.Administrator.PatchAsync($"{Api}/projects/{_own.Project}", new { name = "Index of the audit" })).Expect(200);

        var row = (await Admin.GetAsync($"{Api}/audit?limit=1&targetKind=project&targetId={_own.Project}")).Json.GetProperty("items")[0];
        Assert.That(row.GetProperty("requestId").GetGuid(), Is.EqualTo(reply.RequestId));
        Assert.That(row.GetProperty("apiKeyId").GetGuid(), Is.EqualTo(_own.AdministratorKey));
        Assert.That(row.GetProperty("actor").GetGuid(), Is.EqualTo(_own.User));
    }

    [Test]
    public async Task Usage_OfTheTeam_IsWhatWasChargedToIt()
    {
        var team = await CreateSampleAsync("Reports");
        var caller = await Admin.CreateKeyAsync(team.User);
        (await caller.GenerateAsync()).Expect(200);
        var from = $"from={TimeProvider.System.GetUtcNow().AddDays(-1):yyyy-MM-dd}T00:00:00Z";

        var sums = (await team.Administrator.GetAsync($"{Api}/usage?groupBy=team,model&{from}")).Expect(200).Json.GetProperty("items");
        var records = (await team.Administrator.GetAsync($"{Api}/usage/records?{from}")).Expect(200).Json.GetProperty("items");

        Assert.That(sums.GetArrayLength(), Is.EqualTo(1));
        Assert.That(sums[0].GetProperty("groups").GetProperty("team").GetGuid(), Is.EqualTo(team.Team));
        Assert.That(sums[0].GetProperty("groups").GetProperty("model").GetString(), Is.EqualTo(TestPrices.Model));
        Assert.That(sums[0].GetProperty("costUsd").GetDecimal(), Is.EqualTo(records.EnumerateArray().Sum(each => each.GetProperty("costUsd").GetDecimal())));
        Assert.That(records.EnumerateArray().Select(each => each.GetProperty("userId").GetGuid()), Is.EqualTo([team.User]));
        Assert.That((await _own.Administrator.GetAsync($"{Api}/usage/records?userId={team.User}")).Expect(200).Json.GetProperty("items").GetArrayLength(), Is.Zero);
        (await team.Administrator.GetAsync($"{Api}/usage")).Expect(400, "invalid_request");
    }

    private static string Detail(Reply reply) => reply.Json.GetProperty("detail").GetString()!;

    private static async Task<List<Guid>> IdsAsync(GatewayClient caller, string path) =>
        [.. (await caller.GetAsync(path)).Expect(200).Json.GetProperty("items").EnumerateArray().Select(each => each.GetProperty("id").GetGuid())];

    private static Task<Reply> AskAsync(GatewayClient caller, string method, string path)
    {
        object? body = (method, path) switch
        {
            ("PUT", _) when path.EndsWith("/budgets", StringComparison.Ordinal) => Budget,
            ("PUT", _) when path.EndsWith("/rates", StringComparison.Ordinal) => """{"requestsPerMinute":1000}""",
            ("PUT", _) when path.EndsWith("/team", StringComparison.Ordinal) => """{"teamId":null}""",
            ("PUT", _) => new { dailyRequests = 100 },
            ("PATCH", _) => new { name = "renamed" },
            ("POST", _) => new { graceSeconds = 60 },
            _ => null,
        };
        return caller.SendAsync(new HttpMethod(method), Api + path, body);
    }

    private async Task<Guid> CreateKeyAsync(Guid userId, object? body = null) =>
        await Admin.CreateAsync("keys", body ?? new { userId, name = "key" });

    private async Task<Sample> CreateSampleAsync(string name)
    {
        var team = await Admin.CreateTeamAsync(name);
        var user = (await _gateway.CreateUserAsync()).Id;
        (await Admin.PutAsync($"{Api}/users/{user}/team", new { teamId = team.Id })).Expect(200);
        var administrator = (await Admin.PostAsync($"{Api}/keys", new { userId = user, name = "administrator", scopes = Rights })).Expect(201).Json;
        return new Sample
        {
            Organisation = team.OrganisationId,
            Team = team.Id,
            User = user,
            Project = await Admin.CreateAsync("projects", new { name = "Index", teamId = team.Id }),
            SpareProject = await Admin.CreateAsync("projects", new { name = "Spare", teamId = team.Id }),
            Key = await CreateKeyAsync(user),
            SpareKey = await CreateKeyAsync(user),
            HighKey = await CreateKeyAsync(user, new { userId = user, name = "high", scopes = new[] { "ai:admin" } }),
            AdministratorKey = administrator.GetProperty("id").GetGuid(),
            Administrator = Admin.As(administrator.GetProperty("key").GetString()),
        };
    }

    /// <summary>A team with something of each kind.</summary>
    private sealed record Sample
    {
        public static readonly Guid Nothing = new("00000000-0000-7000-8000-0000000000ff");

        public required Guid Organisation { get; init; }

        public required Guid Team { get; init; }

        public required Guid User { get; init; }

        public required Guid Project { get; init; }

        public required Guid SpareProject { get; init; }

        public required Guid Key { get; init; }

        public required Guid SpareKey { get; init; }

        public required Guid HighKey { get; init; }

        public required Guid AdministratorKey { get; init; }

        public required GatewayClient Administrator { get; init; }

        public IEnumerable<Guid> All => Named.Values;

        private Dictionary<string, Guid> Named => new()
        {
            ["organisation"] = Organisation,
            ["team"] = Team,
            ["user"] = User,
            ["project"] = Project,
            ["spareProject"] = SpareProject,
            ["key"] = Key,
            ["spareKey"] = SpareKey,
            ["highKey"] = HighKey,
            ["administratorKey"] = AdministratorKey,
        };

        public string Fill(string path) => Named.Aggregate(path, (text, named) => text.Replace($"{{{named.Key}}}", $"{named.Value}", StringComparison.Ordinal));

        public string Missing(string path) => Named.Keys.Aggregate(path, (text, name) => text.Replace($"{{{name}}}", $"{Nothing}", StringComparison.Ordinal));

        public string IdIn(string path) => $"{Named.Single(named => path.Contains($"{{{named.Key}}}", StringComparison.Ordinal)).Value}";
    }
}
