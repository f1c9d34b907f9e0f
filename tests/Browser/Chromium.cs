using Microsoft.Playwright;

namespace AiGateway.Browser.Tests;

/// <summary>One browser for the whole suite. Where there is none, every test is skipped, with the reason.</summary>
[SetUpFixture]
internal sealed class Chromium
{
    private const string Executable = "/usr/bin/chromium";

    // The bound is there only so that a failure ends.
    private const float PatienceMilliseconds = 60_000;

    private static readonly string[] Switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    /// <summary>A page of a visitor who has never been here.</summary>
    public static async Task<IPage> OpenPageAsync()
    {
        var visitor = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        visitor.SetDefaultTimeout(PatienceMilliseconds);
        return await visitor.NewPageAsync();
    }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (!File.Exists(Executable)) Assert.Ignore($"Skipped because {Executable} is not there: install Debian's package chromium.");
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Switches, Headless = true });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}
