using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AiGateway.StandIn;
using AiGateway.StandIn.Replies;
using AiGateway.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiGateway.Browser.Tests.Screens;

/// <summary>The way of a newcomer: from the printed key to a key that is refused because its budget is spent.</summary>
internal sealed partial class NewcomerTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("newcomer-");
    private StandInServer _provider = null!;
    private GatewayProcess _gateway = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _provider = await StandInServer.StartAsync(new StandInOptions { ApiKey = "sk-newcomer" });
        _gateway = await GatewayProcess.ServeAsync(
            _folder.FullName, ("OPENAI_API_KEY", "sk-newcomer"), ("OPENAI_BASE_URL", _provider.BaseUrl.AbsoluteUri), ("OPENAI_MODEL", "gpt-4o-mini"),

            // A check would take the scripted reply.
            ("AI_GATEWAY_CHECK_INTERVAL", "0"));
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Test]
    public async Task Newcomer_WithThePrintedKey_SeesTheCostAndSetsABudgetThatRefuses()
    {
        var printed = await Eventually.GetAsync(() => Task.FromResult(PrintedKey().Match(_gateway.Output)), match => match.Success);
        await using var console = await ConsolePage.OpenAsync(_gateway.Address);
        var page = console.Page;

        // The root of the gateway led to the console.
        Assert.That(new Uri(page.Url).AbsolutePath, Is.EqualTo("/console/"));
        await console.SignInAsync(printed.Value);

        // A prompt, and its cost.
        await MenuAsync(page, "Playground");
        _provider.Script.Enqueue(new ReplyPlan { Text = "Hello, newcomer!" });
        await page.GetByLabel("Prompt", new() { Exact = true }).FillAsync("Say hello.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Reply" })).ToHaveTextAsync("Hello, newcomer!");
        var cost = await Figure(page, "Cost").InnerTextAsync();
        Assert.That(cost, Does.Match(@"^\$0\.0000\d+$"));

        // Its receipt.
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the receipt" }).ClickAsync();
        await console.SettleAsync();
        await Expect(Figure(page, "Cost")).ToHaveTextAsync(cost);
        await Expect(page.Locator(".receipt")).ToContainTextAsync("The provider reported the tokens.");

        // The chart of the day, and the way down from a figure to its rows.
        await MenuAsync(page, "Overview");
        await Expect(page.Locator("bar-chart canvas").First).ToBeVisibleAsync();
        await Expect(Figure(page, "Spend")).ToContainTextAsync(cost);
        await Figure(page, "Spend").GetByRole(AriaRole.Link).ClickAsync();
        await console.SettleAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("tbody tr")).ToContainTextAsync(cost);

        // A key with a budget that has capacity for one request of 1,000 output tokens. The first request spends half of it.
        var secret = await CreateKeyAsync(page);
        _provider.Script.Enqueue(new ReplyPlan { Chunks = 700 });
        Assert.That(await GenerateAsync(secret), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await GenerateAsync(secret), Is.EqualTo(HttpStatusCode.TooManyRequests));

        // The console shows the budget as used, and the refusal.
        await MenuAsync(page, "API keys");
        await page.GetByRole(AriaRole.Link, new() { Name = "Limits of web shop" }).ClickAsync();
        await console.SettleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Budgets" })).ToContainTextAsync("monthly spend");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Who was refused" })).ToContainTextAsync("web shop");
        Assert.That(console.TakeFaults(), Is.Empty);
    }

    private static async Task MenuAsync(IPage page, string screen)
    {
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Screens" }).GetByRole(AriaRole.Link, new() { Name = screen, Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = screen, Level = 1 })).ToBeVisibleAsync();
        await Expect(page.Locator(".loading")).ToHaveCountAsync(0);
    }

    private static ILocator Figure(IPage page, string label) =>
        page.Locator(".figure").Filter(new() { Has = page.Locator($"dt:text-is('{label}')") }).First.Locator(".value");

    private static async Task<string> CreateKeyAsync(IPage page)
    {
        await MenuAsync(page, "API keys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create a key" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Combobox, new() { Name = "User", Exact = true }).SelectOptionAsync(new SelectOptionValue { Value = "" });
        await dialog.GetByLabel("Name of the new user").FillAsync("Shop");
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("web shop");
        await dialog.GetByLabel("Budget for each UTC month, in dollars").FillAsync("0.0008");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create the key" }).ClickAsync();
        var secret = await page.GetByLabel("Secret of web shop").InputValueAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Expect(page.GetByText("The key web shop is created.")).ToBeVisibleAsync();
        Assert.That(await page.ContentAsync(), Does.Not.Contain(secret), "the secret is shown once");
        return secret;
    }

    private async Task<HttpStatusCode> GenerateAsync(string key)
    {
        using var http = new HttpClient { BaseAddress = _gateway.Address };
        http.DefaultRequestHeaders.Add("X-Api-Key", key);
        using var body = new StringContent("""{"prompt":"Hello!","options":{"maxTokens":1000}}""", Encoding.UTF8, "application/json");
        using var reply = await http.PostAsync(new Uri("api/v1/ai/generate", UriKind.Relative), body);
        return reply.StatusCode;
    }

    [GeneratedRegex("agw_[A-Za-z0-9_-]{40,}")]
    private static partial Regex PrintedKey();
}
