using System.Collections.Concurrent;
using AiGateway.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiGateway.Browser.Tests.Screens;

/// <summary>The console in a browser. It notes everything that a visitor should never cause: errors, violations of the policy, foreign requests.</summary>
internal sealed class ConsolePage : IAsyncDisposable
{
    private const string TellViolations =
        "addEventListener('securitypolicyviolation', e => console.error('violation: ' + e.violatedDirective + ' ' + e.blockedURI))";

    private readonly ConcurrentQueue<string> _faults = [];
    private readonly Uri _address;

    private ConsolePage(IPage page, Uri address) => (Page, _address) = (page, address);

    public IPage Page { get; }

    /// <summary>What went wrong since it was last asked.</summary>
    public IReadOnlyList<string> TakeFaults()
    {
        string[] taken = [.. _faults];
        _faults.Clear();
        return taken;
    }

    public static async Task<ConsolePage> OpenAsync(Uri address, ColorScheme scheme = ColorScheme.Light)
    {
        var console = new ConsolePage(await Chromium.OpenPageAsync(scheme, ReducedMotion.Reduce), address);
        console.Page.Console += (_, message) => console.Note(message.Type is "error" or "warning", $"{message.Type}: {message.Text}");
        console.Page.PageError += (_, error) => console.Note(isFault: true, $"exception: {error}");
        console.Page.Request += (_, request) => console.Note(!request.Url.StartsWith(address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            && !request.Url.StartsWith("data:", StringComparison.Ordinal), $"foreign request: {request.Url}");
        await console.Page.AddInitScriptAsync(TellViolations);
        await console.Page.GotoAsync(address.AbsoluteUri);
        return console;
    }

    public async Task SignInAsync(string key = BrowserGateway.Key)
    {
        await Page.GetByLabel("API key").FillAsync(key);
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("#menu")).ToBeAttachedAsync();
    }

    /// <summary>Opens a screen by its address and waits until it has read what it shows.</summary>
    public async Task ShowAsync(string path)
    {
        await Page.GotoAsync($"{_address.AbsoluteUri}#{path}");
        await SettleAsync();
    }

    /// <summary>Waits until the screen of the page's address has read what it shows.</summary>
    public Task SettleAsync() => Page.WaitForFunctionAsync("() => document.querySelector('main')?.dataset.address === location.hash");

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());

    private void Note(bool isFault, string fault)
    {
        if (isFault) _faults.Enqueue(fault);
    }
}
