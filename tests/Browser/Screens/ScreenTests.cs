using System.Globalization;
using AiGateway.StandIn.Replies;
using AiGateway.Testing;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AiGateway.Browser.Tests.Screens;

/// <summary>
/// Every screen of the console: its pictures, what axe finds, 360 px of width, light and dark, the keyboard, and errors. The pictures are in
/// <c>artifacts/console</c>. With the variable <c>AI_GATEWAY_DOC_PICTURES=true</c> those of docs/console.md are renewed.
/// </summary>
internal sealed class ScreenTests
{
    private const int Narrow = 360;

    /// <summary>The screens by the names of their pictures. {team} is a team with budgets, {request} a request.</summary>
    private static readonly string[][] Screens =
    [
        ["overview", "/overview?days=7"], ["overview-by-user", "/overview?days=30&by=user&metric=requests"], ["playground", "/playground"],
        ["requests", "/requests"], ["receipt", "/requests/{request}"], ["keys", "/keys"], ["my-limits", "/budgets"], ["budgets", "/budgets/teams/{team}"],
        ["scopes", "/scopes"], ["users", "/scopes/users"], ["providers", "/providers"], ["routes", "/routes?model=gpt-browser"], ["prices", "/prices"],
        ["alerts", "/alerts"], ["audit", "/audit"], ["verify", "/verify"], ["not-found", "/nothing"],
    ];

    /// <summary>The pictures of docs/console.md.</summary>
    private static readonly string[] DocPictures = ["overview", "playground", "receipt", "budgets", "sign-in"];

    private readonly DirectoryInfo _pictures = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "console"));
    private ConsoleStage _stage = null!;
    private ConsolePage _console = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _stage = await ConsoleStage.StartAsync();
        _console = await ConsolePage.OpenAsync(_stage.Address);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _console.DisposeAsync();
        await _stage.DisposeAsync();
    }

    [Test]
    public async Task SignIn_WhenOpened_IsAccessibleNarrowAndQuiet()
    {
        await using var visitor = await ConsolePage.OpenAsync(_stage.Address);
        await visitor.Page.GetByLabel("API key").WaitForAsync();

        await CheckAsync(visitor, "sign-in");
    }

    [TestCaseSource(nameof(Screens))]
    public async Task Screen_WhenOpened_IsAccessibleNarrowAndQuiet(string name, string path)
    {
        await OpenAsync(path);
        if (name == "verify") await VerifyAsync();
        if (name == "playground") await PlayAsync();

        await CheckAsync(_console, name);
    }

    [TestCase("/keys", "Create a key")]
    [TestCase("/keys", "Rotate Mira")]
    [TestCase("/keys", "Revoke Mira")]
    [TestCase("/budgets/teams/{team}", "Add a budget")]
    [TestCase("/budgets/teams/{team}", "Change the rates")]
    [TestCase("/scopes/users", "Create a user")]
    [TestCase("/scopes", "Edit Search")]
    [TestCase("/alerts", "Create a webhook")]
    [TestCase("/requests/{request}", "Correct the cost")]
    [TestCase("/providers", "Disable openai")]
    public async Task Dialog_WhenOpened_IsAccessibleNarrowAndClosedByEscape(string path, string button)
    {
        await OpenAsync(path);
        var opener = _console.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First;
        await opener.FocusAsync();
        await _console.Page.Keyboard.PressAsync("Enter");
        var dialog = _console.Page.GetByRole(AriaRole.Dialog);
        await dialog.WaitForAsync();

        await CheckAsync(_console, $"dialog-{button.ToLowerInvariant().Replace(' ', '-')}");
        await _console.Page.Keyboard.PressAsync("Escape");

        await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.That(await opener.EvaluateAsync<bool>("button => document.activeElement === button"), Is.True, "the focus is back on the button");
    }

    [Test]
    public async Task Figure_OfErrors_OpensDownToTheRequestsThatItCounts()
    {
        await OpenAsync("/overview?days=7");
        var figure = _console.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Errors: ") });
        var errors = int.Parse(await figure.InnerTextAsync(), CultureInfo.InvariantCulture);

        await figure.ClickAsync();
        await _console.SettleAsync();

        Assert.That(errors, Is.Positive);
        Assert.That(await _console.Page.Locator("tbody tr").CountAsync(), Is.EqualTo(errors));
        Assert.That(await _console.Page.GetByLabel("Ended").InputValueAsync(), Is.EqualTo("true"), "the filter shows what it selects");
    }

    private async Task OpenAsync(string path)
    {
        if (await _console.Page.Locator("#menu").CountAsync() == 0) await _console.SignInAsync();
        await _console.ShowAsync(path.Replace("{team}", $"{_stage.TeamId}", StringComparison.Ordinal).Replace("{request}", $"{_stage.RequestId}", StringComparison.Ordinal));
    }

    private async Task PlayAsync()
    {
        _stage.Gateway.StandIn.Script.Enqueue(new ReplyPlan { Text = "A gateway keeps the ledger: what was held, what was charged, and why." });
        await _console.Page.GetByLabel("Model", new() { Exact = true }).FillAsync("gpt-browser");
        await _console.Page.GetByLabel("Prompt", new() { Exact = true }).FillAsync("What does a gateway do?");
        await _console.Page.GetByLabel("Most output tokens").FillAsync("200");
        await _console.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await _console.Page.GetByRole(AriaRole.Link, new() { Name = "Open the receipt" }).WaitForAsync();
    }

    private async Task VerifyAsync()
    {
        await _console.Page.GetByRole(AriaRole.Button, new() { Name = "Verify now" }).ClickAsync();
        await _console.Page.GetByRole(AriaRole.Region, new() { Name = "Result" }).WaitForAsync();
    }

    private async Task CheckAsync(ConsolePage console, string name)
    {
        var page = console.Page;
        await PictureAsync(page, name, isWhole: true);
        await DocPictureAsync(page, name);
        Assert.That(await UnreachedAsync(page), Is.Empty, "elements that the Tab key does not reach");
        Assert.That(Told(await page.RunAxe()), Is.Empty, "findings of axe");

        // Only colours differ in the dark.
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.That(Told(await page.RunAxe(new AxeRunOptions { RunOnly = new() { Type = "rule", Values = ["color-contrast"] } })), Is.Empty, "findings of axe in the dark");
        await PictureAsync(page, $"{name}-dark", isWhole: true);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(Narrow, 740);
        await PictureAsync(page, $"{name}-{Narrow}", isWhole: false);
        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(Narrow), "the page scrolls sideways");
        Assert.That(Told(await page.RunAxe()), Is.Empty, $"findings of axe at {Narrow} px");
        await page.SetViewportSizeAsync(1280, 900);
        Assert.That(console.TakeFaults(), Is.Empty);
    }

    private Task<byte[]> PictureAsync(IPage page, string name, bool isWhole) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(_pictures.FullName, $"{name}.png"), FullPage = isWhole });

    private static async Task DocPictureAsync(IPage page, string name)
    {
        if (!DocPictures.Contains(name) || Environment.GetEnvironmentVariable("AI_GATEWAY_DOC_PICTURES") != "true") return;
        await page.SetViewportSizeAsync(1120, 700);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "docs", "pictures", $"console-{name}.png") });
        await page.SetViewportSizeAsync(1280, 900);
    }

    private static IEnumerable<string> Told(AxeResult result) =>
        from violation in result.Violations
        from node in violation.Nodes
        select $"{violation.Id}: {node.Target} {node.Html}";

    // Radio buttons of one name are one stop of the Tab key; the arrow keys move among them.
    private static async Task<string[]> UnreachedAsync(IPage page)
    {
        var stops = await page.EvaluateAsync<int>("""
            () => {
              const scope = document.querySelector("dialog") ?? document;
              window.awaited = new Set([...scope.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
                .filter(e => !e.disabled && e.checkVisibility() && (e.type !== "radio" || e.checked)));
              document.addEventListener("focusin", e => window.awaited.delete(e.target));
              window.awaited.delete(document.activeElement);
              return window.awaited.size;
            }
            """);
        for (var pressed = 0; pressed < stops + 10; pressed++) await page.Keyboard.PressAsync("Tab");
        return await page.EvaluateAsync<string[]>("() => [...window.awaited].map(e => e.outerHTML.slice(0, 120))");
    }
}
