using AiGateway.Conformance.Tests.Hosting;

namespace AiGateway.Conformance.Tests;

/// <summary>One node process for the whole suite. Without node, the tests that need it are skipped, with the reason.</summary>
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
