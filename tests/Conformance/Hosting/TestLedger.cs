using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace AiGateway.Conformance.Tests.Hosting;

/// <summary>The usage records and the verification of the ledger, read through the API as an administrator.</summary>
internal sealed class TestLedger : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _http;

    public TestLedger(Uri gateway, string adminKey)
    {
        _http = new HttpClient { BaseAddress = gateway };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminKey);
    }

    /// <summary>The administrator's usage records, newest first, once none is held.</summary>
    public async Task<IReadOnlyList<UsageRow>> SettledRowsAsync()
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var rows = await RowsAsync();
            if (rows.All(row => row.Status != "held")) return rows;
            if (TimeProvider.System.GetUtcNow() > deadline) Assert.Fail($"{rows.Count(row => row.Status == "held")} usage records are still held.");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>The usage record of a request, once it is settled.</summary>
    public async Task<UsageRow> SettledRowAsync(string requestId) =>
        (await SettledRowsAsync()).Single(row => row.Id == Guid.Parse(requestId));

    public async Task<Verification> VerifyAsync()
    {
        using var reply = await _http.PostAsync(new Uri("api/v1/admin/ledger/verify", UriKind.Relative), null);
        return (await reply.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Verification>())!;
    }

    /// <summary>Creates a user with these limits and a key with these scopes. Returns the key.</summary>
    public async Task<string> CreateKeyAsync(string[] scopes, decimal? monthlySpendUsd = null)
    {
        var user = await PostAsync("api/v1/admin/users", new { name = "Another" });
        var id = user.GetProperty("id").GetGuid();
        using var limits = await _http.PutAsJsonAsync(new Uri($"api/v1/admin/users/{id}/quota", UriKind.Relative), new { monthlySpendUsd });
        limits.EnsureSuccessStatusCode();
        var key = await PostAsync("api/v1/admin/keys", new { userId = id, name = "key", scopes });
        return key.GetProperty("key").GetString()!;
    }

    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<UsageRow>> RowsAsync()
    {
        var rows = new List<UsageRow>();
        string? next = null;
        do
        {
            var query = next is null ? "" : $"&next={Uri.EscapeDataString(next)}";
            var page = (await _http.GetFromJsonAsync<UsagePage>(new Uri($"api/v1/ai/usage?limit=200{query}", UriKind.Relative)))!;
            rows.AddRange(page.Items);
            next = page.Next;
        }
        while (next is not null);
        return rows;
    }

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var reply = await _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        return await reply.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    private sealed record UsagePage(IReadOnlyList<UsageRow> Items, string? Next);
}

/// <summary>A usage record.</summary>
internal sealed record UsageRow(
    Guid Id, string Operation, string Status, bool Streamed, long PromptTokens, long CompletionTokens, long CachedPromptTokens,
    long ReasoningTokens, decimal CostUsd, decimal HeldUsd, string UsageSource, string? ErrorCode);

/// <summary>The result of verifying the ledger.</summary>
internal sealed record Verification(bool Balanced, long Rows, long Held, IReadOnlyList<JsonElement> Differences);
