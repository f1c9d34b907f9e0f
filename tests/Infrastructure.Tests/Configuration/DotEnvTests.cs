using AiGateway.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;

namespace AiGateway.Infrastructure.Tests.Configuration;

// A test sets an environment variable, which belongs to the process.
[NonParallelizable]
public sealed class DotEnvTests
{
    [TestCase("NAME=value", "value")]
    [TestCase("  NAME = value  ", "value")]
    [TestCase("NAME=a=b", "a=b")]
    [TestCase("NAME=", "")]
    [TestCase("NAME= # nothing", "")]
    [TestCase("NAME=value # comment", "value")]
    [TestCase("NAME=va#lue", "va#lue")]
    [TestCase("NAME=\"a # b \"", "a # b ")]
    [TestCase("NAME='a \"quoted\" b' # comment", "a \"quoted\" b")]
    [TestCase("NAME=\"\"", "")]
    public void Parse_OfALine_YieldsItsValue(string line, string value) =>
        Assert.That(DotEnv.Parse([line])["NAME"], Is.EqualTo(value));

    [Test]
    public void Parse_OfCommentsAndEmptyLines_SkipsThem() => Assert.That(DotEnv.Parse(["# A=1", "", "   ", "  # B=2"]), Is.Empty);

    [Test]
    public void Parse_OfDoubleUnderscores_MakesSections() =>
        Assert.That(DotEnv.Parse(["Database__Provider=Postgres"])["Database:Provider"], Is.EqualTo("Postgres"));

    [Test]
    public void Parse_OfWrongLines_NamesEachWithoutShowingIt()
    {
        var thrown = Assert.Throws<ConfigurationFaultsException>(
            () => DotEnv.Parse(["GOOD=1", "canary", "=canary", "A B=canary", "NAME=\"canary", "NAME='canary' canary"]));
        Assert.That(thrown.Faults.Select(fault => fault.Setting), Is.EqualTo(new[] { ".env line 2", ".env line 3", ".env line 4", ".env line 5", ".env line 6" }));
        Assert.That(thrown.Message, Does.Not.Contain("canary"));
    }

    [Test]
    public void AddDotEnv_WhenDeveloping_OverridesSettingsFilesAndNotTheEnvironment()
    {
        const string Variable = "AIGATEWAY_DOTENV_TEST";
        Environment.SetEnvironmentVariable(Variable, "environment");
        try
        {
            using var file = new TempFile($"{Variable}=file\nFROM_FILE=file\nFROM_COMMAND=file");
            var configuration = new ConfigurationManager();
            configuration.AddInMemoryCollection([KeyValuePair.Create("FROM_FILE", (string?)"settings")]);
            configuration.AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables();
            configuration.AddCommandLine(["--FROM_COMMAND=command"]);
            configuration.AddDotEnv(isDevelopment: true, file.Path);
            Assert.Multiple(() =>
            {
                Assert.That(configuration[Variable], Is.EqualTo("environment"));
                Assert.That(configuration["FROM_FILE"], Is.EqualTo("file"));
                Assert.That(configuration["FROM_COMMAND"], Is.EqualTo("command"));
            });
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Test]
    public void AddDotEnv_OutsideDevelopment_ReadsNothing()
    {
        using var file = new TempFile("NAME=value\nwrong");
        Assert.That(new ConfigurationBuilder().AddDotEnv(isDevelopment: false, file.Path).Sources, Is.Empty);
    }

    [Test]
    public void AddDotEnv_WithoutAFile_ReadsNothing() =>
        Assert.That(new ConfigurationBuilder().AddDotEnv(isDevelopment: true, "/nowhere/.env").Sources, Is.Empty);
}
