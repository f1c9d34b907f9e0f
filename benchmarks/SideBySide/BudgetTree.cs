using System.Net.Http.Headers;
using System.Text.Json;

namespace AiGateway.SideBySide;

/// <summary>Budgets of spend and requests at several levels above the load's key, all of them large enough for it.</summary>
internal static class BudgetTree
{
    /// <summary>The number of levels: key, user, project, team, organisation.</summary>
    public const int MostLevels = 5;

    private static readonly object[] Budgets =
    [
        new { metric = "spend", window = "month", amount = 1_000_000 },
        new { metric = "requests", window = "day", amount = 1_000_000_000 },
    ];

    /// <summary>Creates an organisation, a team, a project, a user and a key, and gives the first levels their budgets.</summary>
    /// <param name="gateway">Where the gateway listens.</param>
    /// <param name="administrator">The key of its administrator.</param>
    /// <param name="levels">The number of levels with budgets, counted from the key on.</param>
    /// <returns>The key of the load.</returns>
    public static async Task<string> PlantAsync(Uri gateway, string administrator, int levels)
    {
        using var http = new HttpClient { BaseAddress = new Uri(gateway, "/api/v1/admin/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", administrator);
        var organisation = IdOf(await SendAsync(HttpMethod.Post, "organisations", new { name = "organisation" }));
        var team = IdOf(await SendAsync(HttpMethod.Post, "teams", new { name = "team", organisationId = organisation }));
        var project = IdOf(await SendAsync(HttpMethod.Post, "projects", new { name = "project", teamId = team }));
        var user = IdOf(await SendAsync(HttpMethod.Post, "users", new { name = "user" }));
        var key = await SendAsync(HttpMethod.Post, "keys", new { userId = user, name = "load", projectId = project });
        string[] scopes = [$"keys/{IdOf(key)}", $"users/{user}", $"projects/{project}", $"teams/{team}", $"organisations/{organisation}"];
        foreach (var scope in scopes.Take(levels)) await SendAsync(HttpMethod.Put, $"{scope}/budgets", new { budgets = Budgets });
        return key.GetProperty("key").GetString()!;

        async Task<JsonElement> SendAsync(HttpMethod method, string path, object body)
        {
            using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, body.GetType()) };
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
        }
    }

    private static Guid IdOf(JsonElement made) => made.GetProperty("id").GetGuid();
}
