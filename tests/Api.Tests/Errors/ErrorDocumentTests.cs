using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiGateway.Api.Errors;
using AiGateway.Domain;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Errors;

/// <summary>docs/errors.md equals the error table of the code, row by row.</summary>
internal sealed partial class ErrorDocumentTests
{
    private static readonly string Document = Repository.Read("docs/errors.md");

    [Test]
    public void Document_WhenComparedWithTheTable_HasExactlyItsRows()
    {
        var documented = Row().Matches(Document)
            .Select(row => (Code: row.Groups["code"].Value, Status: int.Parse(row.Groups["status"].Value, CultureInfo.InvariantCulture)));
        var real = Enum.GetValues<ErrorCode>().Select(code => (Code: code.ToName(), ErrorTable.Of(code).Status));

        Assert.That(documented, Is.EquivalentTo(real));
    }

    [Test]
    public void Document_WhenItExplainsACode_SaysWhatItMeans()
    {
        foreach (Match row in Row().Matches(Document))
            Assert.That(row.Groups["meaning"].Value.Trim(), Is.Not.Empty, row.Groups["code"].Value);
    }

    [Test]
    public void Example_WhenComparedWithTheReply_NamesItsMembers()
    {
        var example = JsonElement.Parse(Document[Document.IndexOf('{', StringComparison.Ordinal)..(Document.IndexOf("\n}", StringComparison.Ordinal) + 2)]);
        var members = typeof(ErrorResponse).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));

        Assert.That(example.EnumerateObject().Select(member => member.Name), Is.SubsetOf(members));
        foreach (var member in members) Assert.That(Document, Does.Contain(member));
    }

    [Test]
    public void Table_WhenAskedForAnyCode_HasItsRow()
    {
        foreach (var code in Enum.GetValues<ErrorCode>())
        {
            var row = ErrorTable.Of(code);
            Assert.That(row.Title, Is.Not.Empty, $"{code}");
            Assert.That(row.OpenAiType, Is.Not.Empty, $"{code}");
            Assert.That(row.Status, Is.InRange(400, 599), $"{code}");
        }
    }

    [GeneratedRegex(@"^\| `(?<code>\w+)` \| (?<status>\d{3}) \| (?<meaning>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
