using AiGateway.Infrastructure.Configuration;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Docs;

/// <summary>The table of docs/configuration.md equals the settings of the code, row by row.</summary>
internal sealed class ConfigurationDocumentTests
{
    // The gateway does not read this setting itself. It passes it on to AutoMapper.
    private const string HandedOn = "AutoMapper:LicenseKey";

    [Test]
    public void SettingsTable_NamesEverySettingWithItsDefaultAndNoOther()
    {
        var rows = Repository.Read("docs/configuration.md").Split('\n')
            .SkipWhile(line => line != "| setting | default | meaning |").Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (Name: cells[1].Trim('`'), Default: cells[2].Trim('`')));

        Assert.That(
            rows.Where(row => row.Name != HandedOn),
            Is.EqualTo(KnownSettings.All.Select(setting => (setting.Name, setting.Default))));
    }
}
