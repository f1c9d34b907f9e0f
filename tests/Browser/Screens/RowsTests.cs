using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiGateway.Browser.Tests.Screens;

/// <summary>Names that look like HTML or are long, ten thousand rows, and keys that may do less.</summary>
internal sealed class RowsTests
{
    private const int Rows = 10_000;

    private ConsoleStage _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _stage = await ConsoleStage.StartAsync();
        await CopyRecordAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Requests_WithTenThousandRows_ShowsAPageAndGoesOn()
    {
        await using var console = await SignedInAsync();
        await console.ShowAsync("/requests");
        var first = await FirstRowAsync(console.Page);
        Assert.That(await console.Page.Locator("tbody tr").CountAsync(), Is.EqualTo(50));

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Next page" }).ClickAsync();
        await Expect(console.Page.GetByText("Page 2, 50 rows")).ToBeVisibleAsync();
        Assert.That(await console.Page.Locator("tbody tr").CountAsync(), Is.EqualTo(50));
        Assert.That(await FirstRowAsync(console.Page), Is.Not.EqualTo(first));

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Previous page" }).ClickAsync();
        await Expect(console.Page.GetByText("Page 1, 50 rows")).ToBeVisibleAsync();
        Assert.That(await FirstRowAsync(console.Page), Is.EqualTo(first));
        Assert.That(console.TakeFaults(), Is.Empty);
    }

    [TestCase("/scopes/users")]
    [TestCase("/keys")]
    [TestCase("/overview?by=user")]
    [TestCase("/requests")]
    public async Task Names_ThatLookLikeHtml_AreShownAsText(string path)
    {
        await using var console = await SignedInAsync();

        await console.ShowAsync(path);

        await Expect(console.Page.Locator("main").GetByText(ConsoleStage.HtmlName, new() { Exact = true }).First).ToBeAttachedAsync();
        Assert.That(await console.Page.Locator("img[src=x], main b").CountAsync(), Is.Zero);
        Assert.That(console.TakeFaults(), Is.Empty);
    }

    [TestCase("ai:usage", "Requests|Budgets and rates|Models and prices")]
    [TestCase("ai:usage ai:generate", "Playground|Requests|Budgets and rates|Models and prices")]
    public async Task Menu_OfAKeyThatMayDoLess_OffersOnlyThat(string scopes, string expected)
    {
        var key = await _stage.CreateKeyAsync(scopes.Split(' '));
        await using var console = await ConsolePage.OpenAsync(_stage.Address);
        await console.SignInAsync(key);

        foreach (var screen in expected.Split('|'))
        {
            await console.Page.GetByRole(AriaRole.Link, new() { Name = screen, Exact = true }).ClickAsync();
            await console.SettleAsync();
            await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = screen, Level = 1 })).ToBeVisibleAsync();
        }

        Assert.That(await console.Page.Locator("#menu a").AllInnerTextsAsync(), Is.EqualTo(expected.Split('|')));
        Assert.That(console.TakeFaults(), Is.Empty);
    }

    [Test]
    public async Task SignIn_WithAnUnknownKey_ShowsTheReason()
    {
        await using var console = await ConsolePage.OpenAsync(_stage.Address);

        await console.Page.GetByLabel("API key").FillAsync("agw_not_a_key");
        await console.Page.Keyboard.PressAsync("Enter");

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API key is unknown");
        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("request id");
    }

    private async Task<ConsolePage> SignedInAsync()
    {
        var console = await ConsolePage.OpenAsync(_stage.Address);
        await console.SignInAsync();
        return console;
    }

    private static Task<string?> FirstRowAsync(IPage page) => page.Locator("tbody a").First.GetAttributeAsync("href");

    /// <summary>Copies one settled record, each time with another id, a millisecond before the last copy.</summary>
    private async Task CopyRecordAsync()
    {
        await _stage.Gateway.SettledRowsAsync();
        await using var database = new SqliteConnection($"Data Source={_stage.Gateway.Database}");
        await database.OpenAsync();
        await using var columns = database.CreateCommand();
        columns.CommandText = "SELECT group_concat(name) FROM pragma_table_info('usage_records') WHERE name NOT IN ('id', 'created_at')";
        var others = (string)(await columns.ExecuteScalarAsync())!;
        await using var copy = database.CreateCommand();
        copy.CommandText = $"""
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {Rows}),
              one AS (SELECT * FROM usage_records WHERE status = 1 ORDER BY id LIMIT 1)
            INSERT INTO usage_records (id, created_at, {others})
            SELECT printf('%08X-%04X-7000-8000-%012X', (created_at - n) / 65536, (created_at - n) % 65536, n), created_at - n, {others} FROM numbers, one
            """;
        await copy.ExecuteNonQueryAsync();
    }
}
