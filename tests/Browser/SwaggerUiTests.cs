using AiGateway.Browser.Tests.Hosting;
using AiGateway.StandIn.Replies;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiGateway.Browser.Tests;

/// <summary>Swagger UI, used as the README describes it.</summary>
internal sealed class SwaggerUiTests
{
    private BrowserGateway _stage = null!;
    private IPage _page = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _stage = await BrowserGateway.StartAsync();
        _page = await Chromium.OpenPageAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _page.Context.CloseAsync();
        await _stage.DisposeAsync();
    }

    [Test]
    public async Task Generate_WhenTriedWithAKey_ShowsTheAnswerAndItsCost()
    {
        _stage.StandIn.Script.Enqueue(new ReplyPlan { Text = "Hello, explorer!" });
        await _page.GotoAsync(new Uri(_stage.Gateway, "/swagger").AbsoluteUri);
        await AuthorizeAsync(BrowserGateway.Key);

        var answer = await TryGenerateAsync();

        await Expect(answer.Locator("tbody .response-col_status").First).ToContainTextAsync("200");
        await Expect(answer).ToContainTextAsync("\"content\": \"Hello, explorer!\"");
        var row = (await _stage.SettledRowsAsync()).Single();
        await Expect(answer).ToContainTextAsync($"\"id\": \"{row.Id}\"");
        await Expect(answer).ToContainTextAsync(FormattableString.Invariant($"\"costUsd\": {row.CostUsd}"));
    }

    [Test]
    public async Task Generate_WhenTriedWithoutAKey_ShowsTheError()
    {
        await _page.GotoAsync(new Uri(_stage.Gateway, "/swagger").AbsoluteUri);

        var answer = await TryGenerateAsync();

        await Expect(answer.Locator("tbody .response-col_status").First).ToContainTextAsync("401");
        await Expect(answer).ToContainTextAsync("\"code\": \"unauthenticated\"");
        Assert.That(_stage.StandIn.Requests.Count, Is.Zero);
    }

    private async Task AuthorizeAsync(string key)
    {
        await _page.ClickAsync(".auth-wrapper button.authorize");
        var scheme = _page.Locator(".auth-container").Filter(new() { Has = _page.Locator("#auth-bearer-value") });
        await scheme.Locator("#auth-bearer-value").FillAsync(key);
        await scheme.Locator("button.authorize").ClickAsync();
        await _page.ClickAsync("button.btn-done");
    }

    /// <summary>Sends the example that Swagger UI offers, and returns the part of the page that shows the reply.</summary>
    private async Task<ILocator> TryGenerateAsync()
    {
        var operation = _page.Locator(".opblock").Filter(new() { Has = _page.Locator("[data-path='/api/v1/ai/generate']") });
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.Locator(".try-out__btn").ClickAsync();
        await operation.Locator("button.execute").ClickAsync();
        return operation.Locator(".live-responses-table");
    }
}
