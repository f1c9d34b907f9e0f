using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace AiGateway.FaultInjection.Harness;

/// <summary>The calls of administrators, through the named gateway or through any.</summary>
internal sealed class Administrator(Fleet fleet) : IDisposable
{
    public const string Key = "agw_faults_0123456789abcdef0123456789abcdef";

    private static readonly string[] BudgetsOnly = ["budget"];
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new()
    {
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Key) },
        Timeout = TimeSpan.FromMinutes(2),
    };

    /// <summary>Creates a user with these limits and a key; null means unlimited.</summary>
    public async Task<Payer> AddPayerAsync(long? daily = null, long? monthly = null, decimal? spend = null, Guid? teamId = null)
    {
        var userId = await AddAsync("users", new { name = "payer" });
        if (daily is not null || monthly is not null || spend is not null) await LimitAsync(userId, daily, monthly, spend);
        var key = await SendAsync(HttpMethod.Post, "/api/v1/admin/keys", new { userId, name = "scenario", teamId });
        return new Payer(userId, key.GetProperty("id").GetGuid(), key.GetProperty("key").GetString()!);
    }

    /// <summary>Creates an organisation with budgets.</summary>
    public async Task<Guid> AddOrganisationAsync(params Allowance[] budgets)
    {
        var id = await AddAsync("organisations", new { name = "organisation" });
        await GrantAsync($"organisations/{id}", budgets);
        return id;
    }

    /// <summary>Creates a team with budgets.</summary>
    public async Task<Guid> AddTeamAsync(Guid organisationId, params Allowance[] budgets)
    {
        var id = await AddAsync("teams", new { name = "team", organisationId });
        await GrantAsync($"teams/{id}", budgets);
        return id;
    }

    /// <summary>Creates a user with a key of this team, which has budgets.</summary>
    public async Task<Payer> AddMemberAsync(Guid teamId, params Allowance[] budgets)
    {
        var payer = await AddPayerAsync(teamId: teamId);
        await GrantAsync($"keys/{payer.KeyId}", budgets);
        return payer;
    }

    public Task LimitAsync(Guid userId, long? daily, long? monthly, decimal? spend, Uri? through = null) => SendAsync(
        HttpMethod.Put, $"/api/v1/admin/users/{userId}/quota",
        new { dailyRequests = daily, monthlyRequests = monthly, monthlySpendUsd = spend }, through);

    public Task RevokeAsync(Payer payer, Uri through) => SendAsync(HttpMethod.Delete, $"/api/v1/admin/keys/{payer.KeyId}", null, through);

    public Task DisableAsync(Payer payer, Uri through) =>
        SendAsync(HttpMethod.Patch, $"/api/v1/admin/users/{payer.UserId}", new { disabled = true }, through);

    /// <summary>Creates a webhook for alerts of budgets, and returns its secret.</summary>
    public async Task<string> AddWebhookAsync(Uri receiver) =>
        (await SendAsync(HttpMethod.Post, "/api/v1/admin/webhooks", new { url = $"{receiver}", events = BudgetsOnly })).GetProperty("secret").GetString()!;

    /// <summary>Limits the requests of a user, with an alert at a percentage.</summary>
    public Task AlertAsync(Payer payer, long requests, int percent) => SendAsync(
        HttpMethod.Put, $"/api/v1/admin/users/{payer.UserId}/budgets",
        new { budgets = new[] { new { metric = "requests", window = "year", amount = requests, alertPercents = new[] { percent } } } });

    /// <summary>The amount that is held for one request of the scenarios.</summary>
    public async Task<decimal> EstimateAsync() =>
        (await SendAsync(HttpMethod.Post, "/api/v1/ai/estimate", JsonElement.Parse(Sender.Body("any", Manner.Native)))).GetProperty("maxCostUsd").GetDecimal();

    /// <summary>A budget for this number of requests at their maximum cost.</summary>
    public async Task<decimal> BudgetAsync(decimal worstCases) => decimal.Round(worstCases * await EstimateAsync(), 9, MidpointRounding.ToZero);

    /// <summary>The differences that the gateway itself finds in the ledger.</summary>
    public async Task<IReadOnlyList<string>> VerifyAsync()
    {
        var found = await SendAsync(HttpMethod.Post, "/api/v1/admin/ledger/verify", null);
        return [.. found.GetProperty("differences").EnumerateArray().Select(difference => difference.GetRawText())];
    }

    public void Dispose() => _http.Dispose();

    private async Task<Guid> AddAsync(string kind, object body) =>
        (await SendAsync(HttpMethod.Post, $"/api/v1/admin/{kind}", body)).GetProperty("id").GetGuid();

    private async Task GrantAsync(string scope, Allowance[] budgets)
    {
        if (budgets.Length == 0) return;
        var rows = budgets.Select(budget => new { metric = budget.Metric, window = budget.Window, amount = budget.Amount });
        await SendAsync(HttpMethod.Put, $"/api/v1/admin/{scope}/budgets", new { budgets = rows.ToList() });
    }

    /// <summary>Sends a request, and repeats it while the database is out of reach.</summary>
    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, Uri? through = null)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (true)
        {
            var gateway = through ?? fleet.Any() ?? throw new InvalidOperationException("No gateway is there.");
            using var request = new HttpRequestMessage(method, new Uri(gateway, path));
            if (body is not null) request.Content = JsonContent.Create(body, body.GetType());
            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode) return text.Length == 0 ? default : JsonElement.Parse(text);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || Stopwatch.GetElapsedTime(startedAt) > Bound)
                throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}

/// <summary>A budget for a month, or of concurrent requests.</summary>
/// <param name="Metric">Its name in the API.</param>
/// <param name="Amount">Requests, tokens, or US dollars.</param>
internal readonly record struct Allowance(string Metric, decimal Amount)
{
    /// <summary>The name of its window in the API.</summary>
    public string? Window => Metric == "concurrent" ? null : "month";
}

/// <summary>A user whom the load charges.</summary>
internal sealed record Payer(Guid UserId, Guid KeyId, string Key);
