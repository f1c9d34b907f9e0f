using System.Text.RegularExpressions;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>Rules that only the source text shows: the length of a file, and the places that name HTTP status codes.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 400;

    // Health is a state, not a failure. The body of an authentication challenge is written by the error table.
    private static readonly string[] MaySetAStatus =
    [
        "src/Api/Auth/ApiKeyAuthenticationHandler.cs: Status401Unauthorized",
        "src/Api/Controllers/HealthController.cs: Status503ServiceUnavailable",
    ];

    [Test]
    public void Files_Have_AtMost400Lines()
    {
        var files = Product.Sources("src", "tests").ToArray();

        Assert.That(files, Has.Length.GreaterThan(100));
        Assert.That(TooLong(files), Is.Empty);
    }

    [TestCase(400, false)]
    [TestCase(401, true)]
    public void Rule_ForALongFile_NamesIt(int lines, bool isTooLong)
    {
        var file = new SourceFile("src/Long.cs", string.Concat(Enumerable.Repeat("// line\n", lines)));

        Assert.That(TooLong([file]), Is.EqualTo(isTooLong ? [$"src/Long.cs: {lines}"] : Array.Empty<string>()));
    }

    // Infrastructure is left out: it reads the statuses of providers.
    [Test]
    public void ErrorStatuses_Appear_InTheErrorTableAlone() =>
        Assert.That(
            ErrorStatuses(Product.Sources("src/Domain", "src/Application", "src/Api").Where(file => !file.Path.StartsWith("src/Api/Errors/", StringComparison.Ordinal))),
            Is.EqualTo(MaySetAStatus));

    [TestCase("return StatusCode(StatusCodes.Status404NotFound);", "Status404NotFound")]
    [TestCase("context.Response.StatusCode = 500;", "500")]
    [TestCase("if (status is >= 499 and < 600) x();", "499")]
    public void Rule_ForAStatusInTheCode_NamesIt(string line, string status) =>
        Assert.That(ErrorStatuses([new("src/Api/Wrong.cs", line)]), Is.EqualTo([$"src/Api/Wrong.cs: {status}"]));

    [TestCase("/// <response code=\"503\">None.</response>")]
    [TestCase("x(); // 404 would be wrong")]
    [TestCase("var text = \"404\";")]
    [TestCase("var json = \"\"\"{\"a\":\"x\",\"status\":404}\"\"\";")]
    [TestCase("return StatusCodes.Status201Created;")]
    [TestCase("const int Size = 1500 + 4096 + 40;")]
    public void Rule_ForCommentsStringsAndOtherNumbers_NamesNothing(string line) =>
        Assert.That(ErrorStatuses([new("src/Api/Right.cs", line)]), Is.Empty);

    private static IEnumerable<string> TooLong(IEnumerable<SourceFile> files) =>
        from file in files
        let lines = file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1
        where lines > MaxLines
        select $"{file.Path}: {lines}";

    private static IEnumerable<string> ErrorStatuses(IEnumerable<SourceFile> files) => files
        .SelectMany(file => ErrorStatus().Matches(Words().Replace(file.Text, "")).Select(match => $"{file.Path}: {match.Value}"))
        .Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\bStatus[45]\d\d\w+|(?<![\w.])[45]\d\d(?![\w.])")]
    private static partial Regex ErrorStatus();

    // Matches comments and strings.
    [GeneratedRegex(""""
        //[^\n]*|"""[\s\S]*?"""|"(\\.|[^"\\\n])*"
        """")]
    private static partial Regex Words();
}
