using AiGateway.Conformance.Tests.Hosting;

namespace AiGateway.Conformance.Tests;

/// <summary>One node process for the whole suite. Tests that need it are skipped, with the reason, where there is none.</summary>
[SetUpFixture]
internal sealed class Sdk
{
    private static OpenAiJs? _js;
    private static string? _missing;

    public static OpenAiJs Js
    {
        get
        {
            if (_js is null) Assert.Ignore($"Skipped because {_missing}.");
            return _js!;
        }
    }

    [OneTimeSetUp]
    public void Start() => _js = OpenAiJs.TryStart(out _missing);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_js is not null) await _js.DisposeAsync();
    }
}
