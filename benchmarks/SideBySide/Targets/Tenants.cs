using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AiGateway.SideBySide.Targets;

/// <summary>Organisations with users, keys and budgets, made by the administration API. All budgets are large enough for the load.</summary>
/// <param name="Organisations">The number of organisations, each with a team and a project; 0 for users without one.</param>
/// <param name="Users">The number of users, each with a key. They take turns in the organisations.</param>
/// <param name="Levels">The number of levels with budgets, counted from the key on.</param>
internal sealed record Tenants(int Organisations, int Users, int Levels)
{
    /// <summary>The number of levels: key, user, project, team, organisation.</summary>
    public const int MostLevels = 5;

    private const int RequestsAtOnce = 4;
    private const int MostAttempts = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly object[] Budgets =
    [
        new { metric = "spend", window = "month", amount = 1_000_000 },
        new { metric = "requests", window = "day", amount = 1_000_000_000 },
    ];

    /// <summary>Creates the organisations, users and keys.</summary>
    /// <param name="gateway">Where a gateway listens.</param>
    /// <returns>The keys of the users.</returns>
    public async Task<string[]> CreateAsync(Uri gateway)
    {
        using var http = new HttpClient { BaseAddress = new Uri(gateway, "/api/v1/admin/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Gateway.Key);
        var projects = new List<(Guid Project, string[] Scopes)>();
        for (var i = 0; i < Organisations; i++) projects.Add(await CreateOrganisationAsync(http, i));
        var keys = new string[Users];
        await Parallel.ForAsync(0, Users, new ParallelOptions { MaxDegreeOfParallelism = RequestsAtOnce }, async (i, _) =>
            keys[i] = await CreateUserAsync(http, i, projects.Count > 0 ? projects[i % projects.Count].Project : null));
        foreach (var scope in projects.SelectMany(each => each.Scopes)) await GiveBudgetsAsync(http, scope);
        return keys;
    }

    private async Task<(Guid Project, string[] Scopes)> CreateOrganisationAsync(HttpClient http, int i)
    {
        var organisation = IdOf(await SendAsync(http, HttpMethod.Post, "organisations", new { name = $"organisation {i}" }));
        var team = IdOf(await SendAsync(http, HttpMethod.Post, "teams", new { name = $"team {i}", organisationId = organisation }));
        var project = IdOf(await SendAsync(http, HttpMethod.Post, "projects", new { name = $"project {i}", teamId = team }));
        string[] scopes = [$"projects/{project}", $"teams/{team}", $"organisations/{organisation}"];
        return (project, scopes[..Math.Max(0, Levels - (MostLevels - scopes.Length))]);
    }

    private async Task<string> CreateUserAsync(HttpClient http, int i, Guid? project)
    {
        var user = IdOf(await SendAsync(http, HttpMethod.Post, "users", new { name = $"user {i}" }));
        var key = await SendAsync(http, HttpMethod.Post, "keys", new { userId = user, name = "load", projectId = project });
        string[] scopes = [$"keys/{IdOf(key)}", $"users/{user}"];
        foreach (var scope in scopes.Take(Levels)) await GiveBudgetsAsync(http, scope);
        return key.GetProperty("key").GetString()!;
    }

    private static Task<JsonElement> GiveBudgetsAsync(HttpClient http, string scope) =>
        SendAsync(http, HttpMethod.Put, $"{scope}/budgets", new { budgets = Budgets });

    // A gateway whose code is not compiled yet may refuse one of many changes as too slow.
    private static async Task<JsonElement> SendAsync(HttpClient http, HttpMethod method, string path, object body)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, body.GetType()) };
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode) return JsonElement.Parse(text);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == MostAttempts)
                throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private static Guid IdOf(JsonElement made) => made.GetProperty("id").GetGuid();
}
