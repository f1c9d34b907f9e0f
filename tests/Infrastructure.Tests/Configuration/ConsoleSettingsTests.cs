using AiGateway.Infrastructure.Configuration.SignIn;

namespace AiGateway.Infrastructure.Tests.Configuration;

/// <summary>The settings of the console.</summary>
public sealed class ConsoleSettingsTests
{
    private static readonly (string, string?)[] Oidc =
        [("Oidc:Authority", "https://id.example.com/realm"), ("Oidc:ClientId", "gateway"), ("Oidc:Rights", "platform=ai:admin")];

    [Test]
    public void Console_ByDefault_IsServedWithSignInByKeyAlone() =>
        Assert.That(Given.Production().Console, Is.EqualTo(new ConsoleSettings(true, null, null)));

    [Test]
    public void Oidc_WhenGiven_IsReadWithItsDefaults()
    {
        var oidc = Given.Production([.. Oidc, ("Oidc:Rights", "CN=platform,OU=groups=ai:admin ai:generate; finance = ai:usage ;*=ai:usage")]).Console.Oidc!;

        Assert.That((oidc.Authority.ToString(), oidc.ClientId, oidc.ClientSecret, oidc.Claim, oidc.Separator),
            Is.EqualTo(("https://id.example.com/realm", "gateway", null as string, "groups", ClaimSeparator.None)));
        Assert.That(oidc.Scopes, Is.EqualTo(["profile"]));
        Assert.That(
            oidc.Rights.Select(each => $"{each.Key}: {string.Join(' ', each.Value)}"),
            Is.EqualTo(["CN=platform,OU=groups: ai:admin ai:generate", "finance: ai:usage", "*: ai:usage"]));
    }

    [Test]
    public void Secret_ThatNamesAFile_IsRead()
    {
        using var file = new TempFile("the-secret\n");

        Assert.That(Given.Production([.. Oidc, ("Oidc:ClientSecret", $"file:{file.Path}")]).Console.Oidc!.ClientSecret, Is.EqualTo("the-secret"));
    }

    [TestCase("AI_GATEWAY_CONSOLE", "on", "true or false")]
    [TestCase("AI_GATEWAY_PUBLIC_URL", "http://ai.example.com", "must be an https address without a path")]
    [TestCase("AI_GATEWAY_PUBLIC_URL", "https://ai.example.com/gateway", "must be an https address without a path")]
    [TestCase("AI_GATEWAY_PUBLIC_URL", "ai.example.com", "must be an http or https address")]
    [TestCase("Oidc:Authority", "http://id.example.com", "https address outside Development")]
    [TestCase("Oidc:Authority", "", "required when another Oidc setting is given")]
    [TestCase("Oidc:ClientId", "", "required with Oidc:Authority")]
    [TestCase("Oidc:ClientSecret", "env:NO_SUCH_VARIABLE_OF_THIS_TEST", "not set")]
    [TestCase("Oidc:ClientSecret", "file:/nowhere/secret", "cannot be read")]
    [TestCase("Oidc:ClaimSeparator", "tab", "one of None, Comma, Space")]
    [TestCase("Oidc:Rights", "", "must be such as")]
    [TestCase("Oidc:Rights", "platform", "must be such as")]
    [TestCase("Oidc:Rights", "=ai:admin", "must be such as")]
    [TestCase("Oidc:Rights", "platform=ai:everything", "must be such as")]
    [TestCase("Oidc:Rights", "platform=ai:admin;platform=ai:usage", "each value once")]
    public void Setting_WhenItIsWrong_IsNamedWithTheProblem(string name, string value, string problem)
    {
        var faults = Given.FaultsOf(() => Given.Production([.. Oidc, (name, value)]));

        Assert.That(faults.Select(fault => (fault.Setting, fault.Problem)), Has.Exactly(1).Matches<(string Setting, string Problem)>(
            fault => fault.Setting == name && fault.Problem.Contains(problem, StringComparison.Ordinal)));
    }
}
