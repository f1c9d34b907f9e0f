using System.Reflection;
using AiGateway.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;

namespace AiGateway.Infrastructure.Tests.Configuration;

public sealed class EnvExampleTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(RepositoryRoot(), ".env.example"));

    [Test]
    public void EnvExample_ListsEverySettingOnceWithItsDefaultAndDescription()
    {
        var expected = KnownSettings.All.Select(setting => (
            $"# {char.ToUpperInvariant(setting.Description[0])}{setting.Description[1..]}.",
            $"{setting.EnvironmentName}={setting.Default}"));
        var actual = Enumerable.Range(1, Lines.Length - 1)
            .Where(i => Lines[i].Contains('=') && !Lines[i].StartsWith('#'))
            .Select(i => (Lines[i - 1], Lines[i]));
        Assert.That(actual, Is.EqualTo(expected));
    }

    [Test]
    public void EnvExample_CopiedAsItIs_ChangesNothing()
    {
        var copied = new ConfigurationBuilder().AddInMemoryCollection(DotEnv.Parse(Lines)).Build();
        var (settings, defaults) = (GatewaySettings.Read(copied, isDevelopment: true), Given.Development());
        Assert.Multiple(() =>
        {
            Assert.That(settings.Defaults, Is.EqualTo(defaults.Defaults));
            Assert.That(settings.Provider, Is.EqualTo(defaults.Provider));
            Assert.That(settings.Database, Is.EqualTo(defaults.Database));
            Assert.That(settings.Ledger, Is.EqualTo(defaults.Ledger));
            Assert.That(settings.Authentication, Is.EqualTo(defaults.Authentication));
            Assert.That(settings.Warnings, Is.EqualTo(defaults.Warnings));
        });
    }

    [Test]
    public void All_HasEveryDeclaredSetting()
    {
        var declared = typeof(KnownSettings).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(Setting))
            .Select(field => field.GetValue(null));
        Assert.That(KnownSettings.All, Is.EquivalentTo(declared).And.Unique);
    }

    private static string RepositoryRoot()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "AiGateway.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
