using AiGateway.Application;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.Credentials;

namespace AiGateway.Infrastructure.Tests.Configuration;

public sealed class DefaultModelCheckTests
{
    private static readonly ProviderSetup NoProviders = new([], new Dictionary<string, ModelRoute>());
    private static readonly DateOnly Today = new(2026, 11, 23);

    [TestCase("gpt-6-luna")]
    [TestCase("gpt-4o", Description = "retires later")]
    public void Check_OfAnActiveModel_HasNoWarning(string model) => Assert.That(Check(model), Is.Null);

    [Test]
    public void Check_OfTheDocumentedDefault_WarnsOfTheRetirementAndNamesModelAndSuccessor() =>
        Assert.That(Check("gpt-3.5-turbo"), Does.Contain("gpt-3.5-turbo").And.Contain("2026-10-23").And.Contain("gpt-5.6-terra"));

    [Test]
    public void Check_BeforeTheRetirement_HasNoWarning() =>
        Assert.That(
            DefaultModelCheck.Check(Defaults("gpt-3.5-turbo"), NoProviders, PriceBook.Load(null), new DateOnly(2026, 10, 22)), Is.Null);

    [Test]
    public void Check_OfAModelWhoseSuccessorIsRetired_NamesTheNextActiveOne()
    {
        using var file = Book(("a", "2026-01-01", "b"), ("b", "2026-02-01", "c"), ("c", null, null));
        Assert.That(Check("a", file.Path), Does.Contain("successor c"));
    }

    [Test]
    public void Check_OfAnUnknownModel_IsAFault() =>
        Assert.That(() => Check("gpt-unknown"), Fault("gpt-unknown is not in the price book"));

    [Test]
    public void Check_OfAModelThatOnlyAnAccountSells_HasNothingToSay()
    {
        var account = new ProviderAccount
        {
            Name = "claude",
            BaseUrl = new Uri("http://127.0.0.1"),
            Credential = new FixedKey("k") { Header = "x-api-key" },
            PricedAs = ["anthropic"],
        };

        Assert.That(() => Check("claude-opus-5-5"), Fault("is not in the price book"));
        Assert.That(DefaultModelCheck.Check(Defaults("claude-opus-5-5"), NoProviders with { Accounts = [account] }, PriceBook.Load(null), Today), Is.Null);
    }

    [Test]
    public void Check_OfAModelThatDoesNotChat_IsAFault() =>
        Assert.That(() => Check("text-embedding-3-small"), Fault("does not answer chat"));

    [TestCase(null)]
    [TestCase("nobody")]
    [TestCase("a")]
    public void Check_OfARetiredModelWithoutAnActiveSuccessor_IsAFault(string? successor)
    {
        using var file = Book(("a", "2026-01-01", successor));
        Assert.That(() => Check("a", file.Path), Fault("no active successor"));
    }

    private static NUnit.Framework.Constraints.ContainsConstraint Fault(string problem) =>
        Throws.TypeOf<ConfigurationFaultsException>().With.Message.Contains("OPENAI_MODEL: the model").And.Message.Contains(problem);

    private static string? Check(string model, string? pricesFile = null) =>
        DefaultModelCheck.Check(Defaults(model), NoProviders, PriceBook.Load(pricesFile), Today);

    private static GatewayDefaults Defaults(string model) => new() { Model = model, MaxTokens = 1, Limits = QuotaLimits.Unlimited };

    private static TempFile Book(params (string Model, string? RetiredOn, string? Successor)[] models)
    {
        var entries = models.Select(entry =>
            $$"""{"model":"{{entry.Model}}","provider":"p","contextWindow":1,"maxOutputTokens":1,"retiredOn":{{Json(entry.RetiredOn)}},"successor":{{Json(entry.Successor)}},"prices":[{"effectiveFrom":"2026-01-01","inputUsdPerMillion":"1","outputUsdPerMillion":"1"}]}""");
        return new TempFile($"{{\"models\":[{string.Join(',', entries)}]}}");
    }

    private static string Json(string? text) => text is null ? "null" : $"\"{text}\"";
}
