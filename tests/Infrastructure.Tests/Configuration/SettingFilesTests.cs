using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Configuration.Sources;
using Microsoft.Extensions.Configuration;

namespace AiGateway.Infrastructure.Tests.Configuration;

/// <summary>Settings whose values are in files.</summary>
// A test sets an environment variable, which belongs to the process.
[NonParallelizable]
internal sealed class SettingFilesTests
{
    private const string Canary = "the-canary";
    private string _folder = null!;

    [SetUp]
    public void Start() => _folder = Directory.CreateTempSubdirectory("aigateway-").FullName;

    [TearDown]
    public void Stop() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void NamedFile_OfEverySetting_GivesItsValueWithoutTheLineEnd()
    {
        foreach (var setting in KnownSettings.All.Where(setting => setting != KnownSettings.SecretsFolder))
        {
            var (configuration, faults) = Read(($"{setting.Name}_FILE", Write("value", " a value\r\n")));

            Assert.That(faults, Is.Empty, setting.Name);
            Assert.That(configuration[setting.Name], Is.EqualTo(" a value"), setting.Name);
        }
    }

    [Test]
    public void NamedFile_BesideTheSettingItself_IsRefused()
    {
        var faults = Read(("OPENAI_API_KEY", Canary), ("OPENAI_API_KEY_FILE", Write("key", Canary))).Faults;

        Assert.That(faults.Single().ToString(), Is.EqualTo("OPENAI_API_KEY: is set, and OPENAI_API_KEY_FILE is set as well; remove one of the two"));
    }

    [Test]
    public void NamedFile_BesideTheSettingLeftEmpty_IsRead() =>
        Assert.That(Read(("OPENAI_API_KEY", ""), ("OPENAI_API_KEY_FILE", Write("key", "sk-1"))).Configuration["OPENAI_API_KEY"], Is.EqualTo("sk-1"));

    [TestCase("missing", "does not exist")]
    [TestCase("folder", "cannot be read|may not be read by this process")]
    [TestCase("empty", "is empty")]
    [TestCase("large", "is larger than 65536 bytes")]
    [TestCase("binary", "is not text in UTF-8")]
    public void NamedFile_ThatCannotBeUsed_IsNamedWithItsSettingAndNeverItsContent(string name, string problem)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));
        Write("empty", "\n");
        Write("large", Canary + new string('x', 65_536));
        File.WriteAllBytes(Path.Combine(_folder, "binary"), [.. "the-canary"u8, 0xff]);

        var faults = Read(("Jwt:SigningKey_FILE", Path.Combine(_folder, name))).Faults;

        Assert.That(faults.Single().ToString(), Does.Match($"^Jwt:SigningKey: Jwt:SigningKey_FILE names the file {Path.Combine(_folder, name)}, which ({problem})$"));
        Assert.That(faults.Single().ToString(), Does.Not.Contain(Canary));
    }

    [Test]
    public void Folder_WithFilesNamedLikeSettings_GivesTheirValuesAndIgnoresOtherFiles()
    {
        Write("OPENAI_API_KEY", "sk-1\n");
        Write("ConnectionStrings__Gateway", "Data Source=x.db");
        Write("Providers__0__apiKey", "sk-2");
        Write("another-program", Canary);
        Directory.CreateDirectory(Path.Combine(_folder, "OPENAI_MODEL"));

        var (configuration, faults) = Read(("AI_GATEWAY_SECRETS_FOLDER", _folder));

        Assert.That(faults, Is.Empty);
        Assert.That(configuration["OPENAI_API_KEY"], Is.EqualTo("sk-1"));
        Assert.That(configuration["ConnectionStrings:Gateway"], Is.EqualTo("Data Source=x.db"));
        Assert.That(configuration["Providers:0:apiKey"], Is.EqualTo("sk-2"));
        Assert.That(configuration["another-program"], Is.Null);
    }

    [TestCase("from-the-environment", "from-the-environment")]
    [TestCase("", "from-the-folder")]
    public void Folder_BesideAnEnvironmentVariable_ComesSecondUnlessTheVariableIsEmpty(string variable, string expected)
    {
        Write("AI_GATEWAY_TEST__NAME", "from-the-folder");
        Environment.SetEnvironmentVariable("AI_GATEWAY_TEST__NAME", variable);
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([KeyValuePair.Create("AI_GATEWAY_TEST:NAME", (string?)"from-a-settings-file"), new("AI_GATEWAY_SECRETS_FOLDER", _folder)]);
        configuration.AddEnvironmentVariables();
        try
        {
            Assert.That(configuration.AddSettingFiles(), Is.Empty);
        }
        finally
        {
            Environment.SetEnvironmentVariable("AI_GATEWAY_TEST__NAME", null);
        }

        Assert.That(configuration["AI_GATEWAY_TEST:NAME"], Is.EqualTo(expected));
    }

    [Test]
    public void Folder_WithAnUnusableFileOfASetting_NamesIt()
    {
        Write("jwt__signingkey", "");

        var fault = Read(("AI_GATEWAY_SECRETS_FOLDER", _folder)).Faults.Single();

        Assert.That(fault.ToString(), Is.EqualTo($"Jwt:SigningKey: is in the file {Path.Combine(_folder, "jwt__signingkey")}, which is empty"));
    }

    [TestCase("/run/no-such-secrets", 1)]
    [TestCase("/run/secrets", 0)]
    public void Folder_ThatDoesNotExist_IsAFaultUnlessItIsTheDefault(string folder, int faults)
    {
        if (Directory.Exists(folder)) Assert.Ignore($"This machine has a folder {folder}.");

        Assert.That(Read(("AI_GATEWAY_SECRETS_FOLDER", folder)).Faults, Has.Count.EqualTo(faults));
    }

    [Test]
    public void Read_WhenTheSourceOfASettingIsFaulty_ReportsItOnce()
    {
        var faults = Given.FaultsOf(() => GatewaySettings.Read(
            new ConfigurationBuilder().Build(), isDevelopment: false, [new("OPENAI_API_KEY", "OPENAI_API_KEY_FILE names the file x, which does not exist")]));

        Assert.That(faults.Select(fault => fault.Setting), Is.EqualTo(new[] { "OPENAI_API_KEY" }));
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static (IConfiguration Configuration, IReadOnlyList<ConfigurationFault> Faults) Read(params (string Name, string Value)[] values)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Name, (string?)value.Value)));
        return (configuration, configuration.AddSettingFiles());
    }
}
