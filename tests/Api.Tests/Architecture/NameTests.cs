using System.Text.RegularExpressions;
using AiGateway.Application.Providers;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>No type is named with a word that fits everything.</summary>
public sealed partial class NameTests
{
    private static readonly string[] Empty =
    [
        "Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common", "Shared", "Base", "Data",
        "Info", "Impl", "Misc", "V2",
    ];

    // The product's owner chose this name.
    private static readonly Type[] NamedByTheOwner = [typeof(RateLimitInfo)];

    [Test]
    public void Types_HaveNames_WithoutEmptyWords() =>
        Assert.That(EmptyNames(Product.Types.Except(NamedByTheOwner).Select(type => type.FullName!)), Is.Empty);

    [TestCase("AiGateway.Application.QuotaManager")]
    [TestCase("AiGateway.Application.Helpers.Texts")]
    [TestCase("AiGateway.Api.HandlerBase")]
    [TestCase("AiGateway.Api.UserData")]
    [TestCase("AiGateway.Api.LedgerImpl")]
    [TestCase("AiGateway.Api.v2.Users")]
    [TestCase("AiGateway.Api.UsersV2")]
    [TestCase("AiGateway.Api.RequestInfo")]
    [TestCase("AiGateway.Api.Outer+CommonRules")]
    public void Rule_ForAnEmptyName_NamesIt(string name) => Assert.That(EmptyNames([name]), Is.EqualTo([name]));

    [TestCase("AiGateway.Infrastructure.Persistence.DatabaseSettings")]
    [TestCase("AiGateway.Infrastructure.Informer")]
    [TestCase("AiGateway.Domain.Implied")]
    public void Rule_ForAWordThatOnlyBeginsWithAnEmptyWord_NamesNothing(string name) => Assert.That(EmptyNames([name]), Is.Empty);

    private static IEnumerable<string> EmptyNames(IEnumerable<string> names) =>
        names.Where(name => Word().Matches(name).Any(word => Empty.Contains(word.Value, StringComparer.OrdinalIgnoreCase)));

    // The words of a name in Pascal case. A run of capitals is a word, and a version number belongs to its v.
    [GeneratedRegex(@"[vV]\d+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Word();
}
