using AiGateway.Api.Cli;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.Extensions.Configuration;

namespace AiGateway.Api.Tests.Commands;

/// <summary>The commands that start nothing of the gateway: <c>health</c> and <c>--version</c>.</summary>
internal sealed class HealthCommandTests
{
    private const int BadUsage = 64;
    private TempFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public async Task Health_OfAGatewayThatServesAndThenStopped_ExitsWith0And1()
    {
        Uri address;
        await using (var gateway = await GatewayProcess.ServeAsync(_folder.Path, ("ASPNETCORE_ENVIRONMENT", "Development")))
        {
            address = gateway.Address;
            var ready = await GatewayProcess.RunAsync(_folder.Path, ["health"], ("ASPNETCORE_URLS", $"http://+:{address.Port}"));
            Assert.That(ready, Is.EqualTo((0, $"The gateway at http://127.0.0.1:{address.Port}/ is ready.", "")));
        }

        var (exitCode, output, errors) = await GatewayProcess.RunAsync(_folder.Path, ["health", "--url", address.ToString()]);
        Assert.That((exitCode, output), Is.EqualTo((1, "")));
        Assert.That(errors, Does.StartWith($"The gateway at {address} cannot be reached: "));
    }

    [Test]
    public async Task Health_OfAGatewayThatIsNotReady_SaysSoAndExitsWith1()
    {
        await using var other = await ScriptedProvider.StartAsync(Answers.Error(503, "Not now."));
        await using var errors = new StringWriter();

        var exitCode = await HealthCommand.RunAsync(["--url", other.Address.ToString()], TextWriter.Null, errors);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors.ToString(), Does.Contain("is not ready: it answered 503"));
    }

    [TestCase("--url")]
    [TestCase("--url nowhere")]
    [TestCase("--url ftp://127.0.0.1")]
    [TestCase("now")]
    public async Task Health_WithWrongArguments_ShowsTheUsage(string arguments)
    {
        await using var errors = new StringWriter();

        Assert.That(await HealthCommand.RunAsync(arguments.Split(' '), TextWriter.Null, errors), Is.EqualTo(BadUsage));
        Assert.That(errors.ToString(), Does.StartWith("usage: health"));
    }

    [TestCase("", "http://localhost:5000/")]
    [TestCase("HTTP_PORTS=8080", "http://127.0.0.1:8080/")]
    [TestCase("HTTP_PORTS=8080;9090,URLS=http://localhost:5080", "http://localhost:5080/")]
    [TestCase("URLS=http://+:8080", "http://127.0.0.1:8080/")]
    [TestCase("URLS=http://*:8080", "http://127.0.0.1:8080/")]
    [TestCase("URLS=http://0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [TestCase("URLS=http://[::]:8080", "http://[::1]:8080/")]
    [TestCase("URLS=https://localhost:8443;http://localhost:8080", "http://localhost:8080/")]
    [TestCase("URLS=http://localhost:8080,Kestrel:Endpoints:Main:Url=http://10.0.0.1:81", "http://10.0.0.1:81/")]
    [TestCase("URLS=http://unix:/run/gateway.sock", null)]
    public void Address_OfTheConfiguration_IsTheOneThatThisMachineReaches(string settings, string? address)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(each => each.Split('=')).Select(each => KeyValuePair.Create(each[0], (string?)each[1])))
            .Build();

        Assert.That(ListeningAddress.Find(configuration)?.ToString(), Is.EqualTo(address));
    }

    [Test]
    public async Task Version_IsTheNameAndTheVersionOfTheProgram()
    {
        var (exitCode, output, _) = await GatewayProcess.RunAsync(_folder.Path, ["--version"]);

        Assert.That(exitCode, Is.Zero);
        Assert.That(output.Trim(), Does.Match(@"^AiGateway \d+\.\d+\.\d+(-[\w.]+)?$"));
    }

    [TestCase("helth", "There is no command helth. The commands are check, ")]
    [TestCase("verify twice", "The command verify takes no arguments.")]
    public async Task Command_ThatDoesNotExistOrTakesNoArguments_IsRefused(string arguments, string problem)
    {
        var (exitCode, _, errors) = await GatewayProcess.RunAsync(_folder.Path, arguments.Split(' '), ("ASPNETCORE_ENVIRONMENT", "Development"));

        Assert.That(exitCode, Is.EqualTo(BadUsage));
        Assert.That(errors, Does.StartWith(problem));
        Assert.That(File.Exists(_folder.DatabaseFile), Is.False);
    }
}
