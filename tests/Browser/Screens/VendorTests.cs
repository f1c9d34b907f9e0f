using System.Security.Cryptography;
using System.Text.Json;
using AiGateway.Testing;

namespace AiGateway.Browser.Tests.Screens;

/// <summary>The libraries of the console are those that versions.json names. <c>scripts/vendor-console.sh</c> renews both.</summary>
internal sealed class VendorTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src", "Api", "Console", "wwwroot", "vendor");

    [Test]
    public void Libraries_AreThoseOfTheList()
    {
        using var list = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "versions.json")));

        Assert.That(
            Directory.EnumerateFiles(Folder, "*.js").Select(file => (Path.GetFileName(file), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))))),
            Is.EquivalentTo(list.RootElement.EnumerateObject().Select(entry => (entry.Name, entry.Value.GetProperty("sha256").GetString()))));
    }
}
