using System.Globalization;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>
/// The page for Prometheus has every ended request, and every query of the dashboard and of the alert rules returns data from
/// a real Prometheus.
/// </summary>
internal sealed class PrometheusTests
{
    [Test]
    public async Task Queries_AfterSomeRequests_AllReturnData()
    {
        if (!PrometheusServer.IsInstalled) Assert.Ignore("The program prometheus is not installed: apt-get install prometheus");
        var port = PrometheusServer.FreePort();
        await using var gateway = await TracedGateway.StartAsync(
            "", ("AI_GATEWAY_METRICS_PORT", port.ToString(CultureInfo.InvariantCulture)), ("AI_GATEWAY_METRICS_SCOPES", $"user:{GatewayHost.AdminId}"));
        await Page_AfterOneRequest_HasItAsync(gateway, port);
        await using var prometheus = await PrometheusServer.StartAsync(port, TelemetryDocument.RulesFile);
        string[] queries = [.. TelemetryDocument.DashboardQueries(), .. TelemetryDocument.AlertExpressions()];

        // A rate needs requests between two scrapes.
        var missing = queries.ToList();
        for (var round = 0; missing.Count > 0 && round < 100; round++)
        {
            await AskAsync(gateway);
            foreach (var query in missing.ToArray())
            {
                if (await prometheus.CountAsync(query) > 0) missing.Remove(query);
            }
        }

        Assert.That(missing, Is.Empty);
        Assert.That(await prometheus.HealthyRulesAsync(), Has.Count.EqualTo(TelemetryDocument.AlertExpressions().Count));
    }

    // Requests are measured some at a time. A page that is read before must have them too.
    private static async Task Page_AfterOneRequest_HasItAsync(TracedGateway gateway, int port)
    {
        (await gateway.Admin.GenerateAsync()).Expect(200);
        using var http = new HttpClient();

        var page = await http.GetStringAsync($"http://127.0.0.1:{port}/metrics");

        foreach (var name in new[] { "gen_ai_server_request_duration_seconds_count", "gen_ai_client_operation_duration_seconds_count", "aigateway_attempts_total" })
            Assert.That(page, Does.Match($$"""(?m)^{{name}}\{.*\} 1( |$)"""), name);
        Assert.That(page, Does.Match("(?m)^aigateway_cost_total\\{"));
    }

    // A reply, a stream, a failure of a provider, a failed request, and a refused one.
    private static async Task AskAsync(TracedGateway gateway)
    {
        gateway.First.Answer = gateway.Second.Answer = Answers.Completion();
        await gateway.Admin.SetQuotaAsync(GatewayHost.AdminId, daily: 1_000_000);
        (await gateway.Admin.GenerateAsync()).Expect(200);
        gateway.First.Answer = gateway.Second.Answer = TracedGateway.StreamAsync;
        (await gateway.Admin.GenerateAsync(new { prompt = "b", stream = true })).Expect(200);
        gateway.First.Answer = gateway.Second.Answer = Answers.Error(400, "wrong");
        (await gateway.Admin.GenerateAsync()).Expect(400);
        await gateway.Admin.SetQuotaAsync(GatewayHost.AdminId, daily: 1);
        (await gateway.Admin.GenerateAsync()).Expect(429);
    }
}
