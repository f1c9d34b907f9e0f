using System.Text;
using System.Text.Json;
using AiGateway.Api.Reports;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Reports;

/// <summary>Reports of usage as JSON, CSV and JSON Lines, with errors and latency, at once after a request.</summary>
internal sealed class UsageReportTests
{
    private const string Usage = "/api/v1/admin/usage";
    private static readonly string[] EndUsers = ["=1+1", "-5", "a \"b\", c"];
    private GatewayHost _gateway = null!;
    private TestUser _user = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync();
        _user = await _gateway.CreateUserAsync();
        _gateway.Provider.Reset(Answers.Completion(prompt: 100, completion: 10));
        foreach (var name in EndUsers) (await _user.Caller.GenerateAsync(new { prompt = "Hi", user = name })).Expect(200);
        _gateway.Provider.Reset(Answers.Error(400, "no"));
        (await _user.Caller.GenerateAsync()).Expect(400);
        _gateway.Provider.Reset(Answers.Completion());
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("user")]
    [TestCase("day")]
    [TestCase("user,model")]
    public async Task Report_AfterARequest_HasItsCostItsErrorsAndItsLatencyAtOnce(string groupBy)
    {
        var before = await SumAsync(groupBy);

        (await _user.Caller.GenerateAsync()).Expect(200);
        _gateway.Provider.Reset(Answers.Error(400, "no"));
        (await _user.Caller.GenerateAsync()).Expect(400);
        _gateway.Provider.Reset(Answers.Completion());

        var after = await SumAsync(groupBy);
        Assert.That(after.Requests, Is.EqualTo(before.Requests + 1), "a released request is no request");
        Assert.That(after.CostUsd, Is.GreaterThan(before.CostUsd));
        Assert.That(after.Errors, Is.EqualTo(before.Errors + 1));
        Assert.That(after.MeanLatencyMs, Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public async Task Csv_OfSums_HasAHeaderAndALineForEachGroup()
    {
        var reply = (await _gateway.Admin.GetAsync($"{Usage}?groupBy=endUser,model&{Today}&userId={_user.Id}&format=csv")).Expect(200);

        var lines = reply.Text.Split("\r\n");
        Assert.That(reply.Header("content-type"), Is.EqualTo("text/csv; charset=utf-8; header=present"));
        Assert.That(reply.Header("content-disposition"), Does.Match("^attachment; filename=\"usage-by-endUser-model-\\d{4}-\\d\\d-\\d\\d\\.csv\"$"));
        Assert.That(lines[0], Is.EqualTo("endUser,model,requests,promptTokens,completionTokens,totalTokens,costUsd,heldUsd,errors,meanLatencyMs"));
        Assert.That(lines[^1], Is.Empty, "the last line ends as well");
        var cost = TestPrices.CostUsd(100, 10);
        foreach (var name in (string[])["'=1+1", "-5", "\"a \"\"b\"\", c\""])
            Assert.That(lines.Single(line => line.StartsWith($"{name},", StringComparison.Ordinal)), Does.StartWith(FormattableString.Invariant($"{name},odd-model,1,100,10,110,{cost},0,0,")));
    }

    [Test]
    public async Task JsonLines_OfSums_AreTheItemsOfTheJson()
    {
        var query = $"{Usage}?groupBy=endUser&{Today}&userId={_user.Id}";
        var items = (await _gateway.Admin.GetAsync(query)).Expect(200).Json.GetProperty("items").EnumerateArray().Select(item => item.GetRawText());

        var reply = (await _gateway.Admin.GetAsync($"{query}&format=jsonl")).Expect(200);

        Assert.That(reply.Header("content-type"), Is.EqualTo("application/jsonl"));
        Assert.That(reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(items));
    }

    [Test]
    public async Task Records_AsFiles_AreThoseOfTheList()
    {
        var query = $"{Usage}/records?{Today}&userId={_user.Id}";
        var items = (await _gateway.Admin.GetAsync($"{query}&limit=200")).Expect(200).Json.GetProperty("items").EnumerateArray().ToArray();

        var lines = (await _gateway.Admin.GetAsync($"{query}&format=jsonl")).Expect(200);
        var csv = (await _gateway.Admin.GetAsync($"{query}&format=csv")).Expect(200);

        Assert.That(lines.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(items.Select(item => item.GetRawText())));
        var rows = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(rows[0].Split(','), Is.EqualTo(items[0].EnumerateObject().Select(member => member.Name)));
        Assert.That(rows.Skip(1).Select(row => row[..36]), Is.EqualTo(items.Select(item => item.GetProperty("id").GetString())));
    }

    [TestCase("/api/v1/admin/usage/records")]
    [TestCase("/api/v1/ai/usage")]
    public async Task Records_ByStatusAndOutcome_AreThoseThatTheFiguresCount(string path)
    {
        var caller = path.Contains("admin", StringComparison.Ordinal) ? _gateway.Admin : _user.Caller;
        var all = await ReadAsync("");

        Assert.That(await ReadAsync("&status=released"), Is.EqualTo(all.Where(record => record.Status == "released")));
        Assert.That(await ReadAsync("&status=settled&failed=false"), Is.EqualTo(all.Where(record => record.Error is null)));
        Assert.That(await ReadAsync("&failed=true"), Is.EqualTo(all.Where(record => record.Error is not null)).And.Not.Empty);
        Assert.That(await ReadAsync("&status=held"), Is.Empty);

        async Task<IEnumerable<(Guid Id, string? Status, string? Error)>> ReadAsync(string filter) =>
            from item in (await caller.GetAsync($"{path}?limit=200&userId={_user.Id}{filter}")).Expect(200).Json.GetProperty("items").EnumerateArray()
            select (item.GetProperty("id").GetGuid(), item.GetProperty("status").GetString(), item.GetProperty("errorCode").GetString());
    }

    [TestCase("?format=xml", "format")]
    [TestCase("?status=done", "status")]
    [TestCase("/records?status=1", "status")]
    [TestCase("/records?failed=perhaps", "failed")]
    [TestCase("?organisationId=x", "organisationId")]
    [TestCase("/records?format=xml", "format")]
    [TestCase("/records?format=csv&limit=5", "limit")]
    [TestCase("/records?format=csv&next=x", "next")]
    [TestCase("?format=csv&groupBy=x", "groupBy")]
    public async Task Report_WithABadQuery_NamesTheParameter(string query, string field)
    {
        var refused = (await _gateway.Admin.GetAsync(Usage + query)).Expect(400, "invalid_request");

        Assert.That(refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field));
    }

    [TestCase("=1+1", "'=1+1")]
    [TestCase("+49 30", "'+49 30")]
    [TestCase("-2+3", "'-2+3")]
    [TestCase("@SUM(A1)", "'@SUM(A1)")]
    [TestCase("\tx", "'\tx")]
    [TestCase("\rx", "\"'\rx\"")]
    [TestCase("-5", "-5")]
    [TestCase("+5.25", "+5.25")]
    [TestCase("-", "'-")]
    [TestCase("5\n", "\"5\n\"")]
    [TestCase("a,b", "\"a,b\"")]
    [TestCase("a\"b", "\"a\"\"b\"")]
    [TestCase("a=b", "a=b")]
    [TestCase("", "")]
    public void Cell_IsQuotedAndGuardedAgainstFormulas(string text, string cell)
    {
        var line = new StringBuilder();

        CsvText.AppendLine(line, [text, "x"]);

        Assert.That(line.ToString(), Is.EqualTo($"{cell},x\r\n"));
    }

    private static string Today => $"from={TimeProvider.System.GetUtcNow().AddDays(-1):yyyy-MM-dd}T00:00:00Z";

    private async Task<(long Requests, decimal CostUsd, long Errors, double? MeanLatencyMs)> SumAsync(string groupBy)
    {
        var items = (await _gateway.Admin.GetAsync($"{Usage}?groupBy={groupBy}&{Today}")).Expect(200).Json.GetProperty("items");
        JsonElement sum = items.EnumerateArray().Single();
        return (
            sum.GetProperty("requests").GetInt64(), sum.GetProperty("costUsd").GetDecimal(), sum.GetProperty("errors").GetInt64(),
            sum.GetProperty("meanLatencyMs").ValueKind == JsonValueKind.Null ? null : sum.GetProperty("meanLatencyMs").GetDouble());
    }
}
