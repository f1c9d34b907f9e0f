using System.Security.Claims;
using AiGateway.Api.Auth.Sessions;
using AiGateway.Infrastructure.Configuration.SignIn;

namespace AiGateway.Api.Tests.SignIn;

/// <summary>The rights that a person's claims give.</summary>
internal sealed class PersonRightsTests
{
    private static readonly string[] Admin = ["ai:admin"];
    private static readonly string[] Usage = ["ai:usage"];

    [TestCase(ClaimSeparator.None, "platform", "ai:admin")]
    [TestCase(ClaimSeparator.None, "CN=finance,OU=groups", "ai:usage")]
    [TestCase(ClaimSeparator.None, "platform,other", "")]
    [TestCase(ClaimSeparator.None, "former platform", "")]
    [TestCase(ClaimSeparator.None, "PLATFORM", "")]
    [TestCase(ClaimSeparator.Comma, "other, platform", "ai:admin")]
    [TestCase(ClaimSeparator.Comma, "former platform", "")]
    [TestCase(ClaimSeparator.Space, "other platform", "ai:admin")]
    public void Of_ForAClaim_GivesTheRightsOfItsValues(ClaimSeparator separator, string claim, string scopes) => Assert.That(
        string.Join(',', NewRights(separator, everyone: false).Of(NewPerson(claim))), Is.EqualTo(scopes));

    [TestCase("", "ai:usage")]
    [TestCase("platform", "ai:admin,ai:usage")]
    public void Of_WhenEveryoneHasRights_AddsThem(string claim, string scopes) => Assert.That(
        string.Join(',', NewRights(ClaimSeparator.None, everyone: true).Of(NewPerson(claim))), Is.EqualTo(scopes));

    [Test]
    public void Of_ForAPersonWhoClaimsToBeEveryone_GivesNoMore() => Assert.That(
        NewRights(ClaimSeparator.None, everyone: false).Of(NewPerson("*")), Is.Empty);

    private static PersonRights NewRights(ClaimSeparator separator, bool everyone)
    {
        var rights = new Dictionary<string, IReadOnlyList<string>> { ["platform"] = Admin, ["CN=finance,OU=groups"] = Usage };
        if (everyone) rights[OidcSettings.Everyone] = Usage;
        return new PersonRights(new OidcSettings
        {
            Authority = new Uri("https://id.example.com"),
            ClientId = "gateway",
            Scopes = [],
            Claim = "groups",
            Separator = separator,
            Rights = rights,
        });
    }

    private static ClaimsPrincipal NewPerson(string claim) => new(new ClaimsIdentity([new Claim("groups", claim), new Claim("roles", "platform")]));
}
