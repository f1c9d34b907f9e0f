using AiGateway.Api.Cli;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Spectre.Console.Testing;

namespace AiGateway.Api.Tests.Processes;

/// <summary>The command <c>prices import</c>. It needs no settings and no database.</summary>
internal sealed class PriceImportTests
{
    private const int BadUsage = 64;
    private const int Failed = 1;

    private const string Catalogue = """
        {"anthropic": {"models": {"claude-opus-5": {"modalities": {"output": ["text"]}, "cost": {"input": 4, "output": 20, "cache_read": 0.4, "cache_write": 5}}}}}
        """;

    private TempFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public async Task Import_OfACatalogue_WritesAPriceFileThatTheGatewayReads()
    {
        var catalogue = _folder.Write("catalogue.json", Catalogue);
        var prices = Path.Combine(_folder.Path, "prices.json");

        var (exitCode, output, errors) = await GatewayProcess.RunAsync(
            _folder.Path, ["prices", "import", catalogue, "--from", "models-dev", "--provider", "anthropic", "--out", prices]);

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Is.Empty);
        Assert.That(errors, Does.Contain("claude-opus-5 of anthropic: input 4, output 20 USD").And.Contain("1 models changed"));
        Assert.That(await File.ReadAllTextAsync(prices), Does.Contain("\"inputUsdPerMillion\": \"4.00\"").And.Contain("models-dev, SHA-256 "));

        // The second import reads the written file as the operator's price file, and finds the price in it.
        (exitCode, output, errors) = await GatewayProcess.RunAsync(
            _folder.Path,
            ["prices", "import", catalogue, "--from", "models-dev", "--provider", "anthropic"],
            ("AI_GATEWAY_PRICES", prices));
        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Contain("claude-opus-5"), "without an output file, the price file is written to the standard output");
        Assert.That(errors, Does.Contain("0 models changed, 1 have the same price"));
        Assert.That(File.Exists(_folder.DatabaseFile), Is.False);
    }

    [Test]
    public async Task Import_OfAFaultyCatalogue_WritesNothing()
    {
        var catalogue = _folder.Write("catalogue.json", Catalogue.Replace("\"output\": 20", "\"output\": 0", StringComparison.Ordinal));
        var prices = Path.Combine(_folder.Path, "prices.json");

        var (exitCode, report) = await RunAsync($"import {catalogue} --from models-dev --provider anthropic --out {prices}");

        Assert.That(exitCode, Is.EqualTo(Failed));
        Assert.That(report, Does.Contain("claude-opus-5 of anthropic: its output price is 0").And.Contain("No price file was written"));
        Assert.That(File.Exists(prices), Is.False);
    }

    [Test]
    public async Task Import_OverAnExistingFile_LeavesItAlone()
    {
        var catalogue = _folder.Write("catalogue.json", Catalogue);

        var (exitCode, report) = await RunAsync($"import {catalogue} --from models-dev --out {catalogue}");

        Assert.That(exitCode, Is.EqualTo(Failed));
        Assert.That(report, Does.Contain("The price file was not written"));
        Assert.That(await File.ReadAllTextAsync(catalogue), Is.EqualTo(Catalogue));
    }

    [TestCase("", Description = "no command")]
    [TestCase("import", Description = "no file")]
    [TestCase("import c.json", Description = "no catalogue")]
    [TestCase("import c.json --from elsewhere")]
    [TestCase("import c.json --from litellm --out")]
    [TestCase("import c.json --from litellm --colour red")]
    [TestCase("export c.json --from litellm")]
    public async Task Import_WithWrongArguments_ShowsTheUsage(string arguments)
    {
        var (exitCode, report) = await RunAsync(arguments);

        Assert.That(exitCode, Is.EqualTo(BadUsage));
        Assert.That(report, Does.StartWith("usage: prices import FILE --from CATALOGUE"));
    }

    private static async Task<(int ExitCode, string Report)> RunAsync(string arguments)
    {
        await using var report = new StringWriter();
        var options = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var exitCode = await PricesCommand.RunAsync(options, pricesFile: null, TextWriter.Null, report, new CommandProgress(new TestConsole(), TimeProvider.System));
        return (exitCode, report.ToString());
    }
}
