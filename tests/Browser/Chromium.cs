using Microsoft.Playwright;

namespace AiGateway.Browser.Tests;

/// <summary>One browser for the whole suite. Without a browser every test is skipped, with the reason.</summary>
[SetUpFixture]
internal sealed class Chromium
{
    private const string Executable = "/usr/bin/chromium";

    // The bound only ends a test that would otherwise hang.
    private const float BoundMilliseconds = 60_000;

    private static readonly string[] Switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    /// <summary>Opens a page for a new visitor, without cookies or stored data.</summary>
    /// <param name="scheme">The colours that the visitor prefers.</param>
    /// <param name="motion">The motion that the visitor prefers.</param>
    public static async Task<IPage> OpenPageAsync(ColorScheme scheme = ColorScheme.Light, ReducedMotion motion = ReducedMotion.NoPreference)
    {
        var visitor = await _browser!.NewContextAsync(
            new() { ViewportSize = new() { Width = 1280, Height = 900 }, ColorScheme = scheme, ReducedMotion = motion });
        visitor.SetDefaultTimeout(BoundMilliseconds);
        return await visitor.NewPageAsync();
    }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (!File.Exists(Executable)) Assert.Ignore($"Skipped because {Executable} does not exist. Install Debian's package chromium.");
        Assertions.SetDefaultExpectTimeout(BoundMilliseconds);
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
